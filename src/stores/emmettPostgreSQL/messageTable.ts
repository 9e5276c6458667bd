import { unavailable, type FailingPlace } from '../postgres/postgresErrors.js';
import { isKeepable } from '../postgres/streamNames.js';
import { rowsOf, type PostgresPool } from '../postgres/pool.js';
import { messageOf, type Message, type MessageRow } from './messages.js';
import type { LogPlace } from './logPlace.js';
import { shownText } from '../../lib/shown/shownText.js';

/** The most messages of one page, and the most bytes of their data; a page has at least one message. */
export const pageMessages = 256;
const pageBytes = 4_194_304;

const columnsOf = (table: string): string =>
  `${table}.stream_id AS stream, ${table}.stream_position::text AS version, ${table}.global_position::text AS global,
   ${table}.transaction_id::text AS transaction, ${table}.message_id AS id, ${table}.message_type AS type,
   ${table}.message_data::text AS data, ${table}.message_metadata::text AS metadata,
   floor(extract(epoch FROM ${table}.created) * 1000)::float8 AS created`;

/** A message of the log, and the transaction of the next message of its stream. */
export interface LoggedMessage extends Message {
  readonly next: bigint | undefined;
}

/** The place of a message in its stream. */
export interface StreamPlace {
  readonly stream: string;
  readonly version: bigint;
}

interface MessagePage<Each> {
  readonly messages: readonly Each[];
  /** Whether the page holds all messages that were asked for: none was left out for its size or their number. */
  readonly isWhole: boolean;
}

/** The queries on Emmett's table of messages. */
export interface MessageTable {
  /** The oldest running transaction: all earlier ones have ended. And the number of the next transaction. */
  transactions(): Promise<{ readonly oldestRunning: bigint; readonly next: bigint }>;
  /** The newest transaction that has written a message; `0n` for none. */
  newestTransaction(): Promise<bigint>;
  /**
   * The messages after a place and of transactions before `until`, in the order of transactions, then of global positions.
   */
  log(
    after: LogPlace,
    until: bigint,
    prefixes: readonly string[] | undefined,
  ): Promise<MessagePage<LoggedMessage>>;
  /**
   * For each place, the newest transaction of the messages before this version of the stream; `0n` where there are none.
   */
  newestBefore(places: readonly StreamPlace[]): Promise<readonly bigint[]>;
  /**
   * The messages of the place's transaction, up to the place, whose next message in the stream is of an older transaction.
   */
  leadsUpTo(place: LogPlace): Promise<readonly StreamPlace[]>;
  /**
   * The messages after these leads in their streams, up to the next message of a newer transaction, ordered by global
   * position.
   */
  followers(leads: readonly StreamPlace[], after: LogPlace): Promise<MessagePage<Message>>;
  stream(stream: string, from: bigint, step: 1 | -1, limit: number): Promise<MessagePage<Message>>;
}

/** Selects messages in their order until their data exceed the bytes of a page. `more` and `join` add columns. */
function bounded(picked: string, order: string, more = '', join = ''): string {
  return `SELECT ${columnsOf('page')}, page.found::float8 AS found ${more} FROM (
    SELECT picked.*, count(*) OVER () AS found, row_number() OVER (ORDER BY ${order}) AS place,
      sum(octet_length(picked.message_data::text) + octet_length(picked.message_metadata::text)) OVER (ORDER BY ${order}) AS total
    FROM (${picked}) AS picked) AS page ${join}
    WHERE page.total <= ${pageBytes} OR page.place = 1 ORDER BY page.place`;
}
const isWholePage = (rows: readonly { readonly found: number }[], limit: number): boolean =>
  rows.length === (rows[0]?.found ?? 0) && rows.length < limit;

export function createMessageTable(
  pool: PostgresPool,
  { schema, partition }: { readonly schema: string; readonly partition: string },
): MessageTable {
  const table = `${schema}.emt_messages`;
  const place: FailingPlace = {
    subject: `Emmett's messages in schema ${shownText(schema)}`,
    outcome: 'nothing was read',
    missing: "Emmett's tables are not there: let its event store create them, or name their schema",
  };
  const isOurs = (alias: string): string => `${alias}.partition = $1 AND ${alias}.is_archived = FALSE`;

  async function ask<Result>(sql: string, values: readonly unknown[] = []): Promise<readonly Result[]> {
    try {
      return await rowsOf<Result>(pool, sql, values);
    } catch (error) {
      throw unavailable(error, place);
    }
  }

  const logSQL = bounded(
    `SELECT m.* FROM ${table} AS m
     WHERE ${isOurs('m')} AND (m.transaction_id, m.global_position) > ($2::xid8, $3::bigint) AND m.transaction_id < $4::xid8
       AND ($5::text[] IS NULL OR EXISTS (SELECT FROM unnest($5::text[]) AS prefix WHERE starts_with(m.stream_id, prefix)))
     ORDER BY m.transaction_id, m.global_position LIMIT ${pageMessages}`,
    'picked.transaction_id, picked.global_position',
    ', next.transaction_id::text AS next',
    `LEFT JOIN ${table} AS next ON ${isOurs('next')} AND next.stream_id = page.stream_id
       AND next.stream_position = page.stream_position + 1`,
  );
  const followersSQL = bounded(
    `SELECT f.* FROM unnest($2::text[], $3::bigint[]) AS lead (stream, version) CROSS JOIN LATERAL (
       SELECT m.* FROM ${table} AS m
       WHERE ${isOurs('m')} AND m.stream_id = lead.stream AND m.stream_position > lead.version
         AND m.stream_position < coalesce(
           (SELECT n.stream_position FROM ${table} AS n WHERE ${isOurs('n')} AND n.stream_id = lead.stream
              AND n.stream_position > lead.version AND n.transaction_id > $4::xid8 ORDER BY n.stream_position LIMIT 1),
           9223372036854775807)
     ) AS f WHERE f.global_position > $5::bigint ORDER BY f.global_position LIMIT ${pageMessages}`,
    'picked.global_position',
  );
  const streamSQL = (step: 1 | -1): string => {
    const [comparison, order] = step === 1 ? ['>=', 'ASC'] : ['<=', 'DESC'];
    return bounded(
      `SELECT m.* FROM ${table} AS m WHERE ${isOurs('m')} AND m.stream_id = $2 AND m.stream_position ${comparison} $3::bigint
       ORDER BY m.stream_position ${order} LIMIT $4::bigint`,
      `picked.stream_position ${order}`,
    );
  };

  type Counted = MessageRow & { readonly found: number };
  const names = (places: readonly StreamPlace[]): readonly string[] => places.map(({ stream }) => stream);
  const versions = (places: readonly StreamPlace[]): readonly string[] =>
    places.map(({ version }) => String(version));

  return {
    async transactions() {
      const [row] = await ask<{ readonly oldest: string; readonly next: string }>(
        `SELECT pg_snapshot_xmin(snapshot)::text AS oldest, pg_snapshot_xmax(snapshot)::text AS next
         FROM pg_current_snapshot() AS snapshot`,
      );
      return { oldestRunning: BigInt(row?.oldest ?? 0), next: BigInt(row?.next ?? 0) };
    },
    async newestTransaction() {
      const [row] = await ask<{ readonly newest: string }>(
        `SELECT m.transaction_id::text AS newest FROM ${table} AS m WHERE ${isOurs('m')}
         ORDER BY m.transaction_id DESC LIMIT 1`,
        [partition],
      );
      return BigInt(row?.newest ?? 0);
    },
    async log(after, until, prefixes) {
      const rows = await ask<Counted & { readonly next: string | null }>(logSQL, [
        partition,
        String(after.transaction),
        String(after.global),
        String(until),
        prefixes?.filter(isKeepable) ?? null,
      ]);
      const messages = rows.map((row) => ({
        ...messageOf(row),
        next: row.next === null ? undefined : BigInt(row.next),
      }));
      return { messages, isWhole: isWholePage(rows, pageMessages) };
    },
    async newestBefore(places) {
      const rows = await ask<{ readonly newest: string | null }>(
        `SELECT (SELECT m.transaction_id::text FROM ${table} AS m WHERE ${isOurs('m')} AND m.stream_id = known.stream
           AND m.stream_position < known.version ORDER BY m.transaction_id DESC LIMIT 1) AS newest
         FROM unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS known (stream, version, place) ORDER BY place`,
        [partition, names(places), versions(places)],
      );
      return rows.map(({ newest }) => BigInt(newest ?? 0));
    },
    async leadsUpTo({ transaction, global }) {
      const rows = await ask<{ readonly stream: string; readonly version: string }>(
        `SELECT m.stream_id AS stream, m.stream_position::text AS version
         FROM ${table} AS m JOIN ${table} AS n ON ${isOurs('n')} AND n.stream_id = m.stream_id
           AND n.stream_position = m.stream_position + 1
         WHERE ${isOurs('m')} AND m.transaction_id = $2::xid8 AND n.transaction_id < $2::xid8
           AND m.global_position <= $3::bigint`,
        [partition, String(transaction), String(global)],
      );
      return rows.map(({ stream, version }) => ({ stream, version: BigInt(version) }));
    },
    async followers(leads, { transaction, global }) {
      const rows = await ask<Counted>(followersSQL, [
        partition,
        names(leads),
        versions(leads),
        String(transaction),
        String(global),
      ]);
      return { messages: rows.map(messageOf), isWhole: isWholePage(rows, pageMessages) };
    },
    async stream(stream, from, step, limit) {
      if (!isKeepable(stream)) return { messages: [], isWhole: true };
      const rows = await ask<Counted>(streamSQL(step), [partition, stream, String(from), limit]);
      return { messages: rows.map(messageOf), isWhole: isWholePage(rows, limit) };
    },
  };
}
