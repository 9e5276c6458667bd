import type { LogPage, PageReader, StoredEvent } from '../local/eventLog.js';
import { pageEvents, pagePositions } from '../local/eventLog.js';
import { prefixRanges, type NameRange } from '../local/prefixRanges.js';
import { categoryHash, isKeepable } from './streamNames.js';
import { rowsOf, type PostgresPool } from './pool.js';

/** Reads the position of the last event; 0 in an empty store. */
export async function headIn(pool: PostgresPool, schema: string): Promise<number> {
  const [row] = await rowsOf<{ readonly head: number }>(
    pool,
    `SELECT coalesce(max(position), 0)::float8 AS head FROM ${schema}.event`,
  );
  return row?.head ?? 0;
}

/** The most bytes of data in one page; a page has at least one event. */
const pageBytes = 4_194_304;

/** The columns of a stored event, of tables `event` and `stream`. Numbers below 2^53 come back exact as float8. */
const eventColumns = `event.position::float8 AS position, stream.name AS stream, event.version::float8 AS version,
  event.id::text AS id, event.type AS type, event.data AS data, encode(event.bytes, 'hex') AS bytes, event.metadata AS metadata,
  event.created::float8 AS created`;

interface EventRow {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly data: string | null;
  /** In hex. */
  readonly bytes: string | null;
  readonly metadata: string | null;
  readonly created: number;
}

export const storedEvent = (row: EventRow): StoredEvent => [
  row.position,
  row.stream,
  row.version,
  row.id,
  row.type,
  row.data ?? new Uint8Array(Buffer.from(row.bytes ?? '', 'hex')),
  row.metadata,
  row.created,
];

/**
 * Selects rows in their order until their data exceed the bytes of a page.
 *
 * @param picked - a query for the columns `at` (position) and `rank` (order) of the events
 */
export const boundedPage = (schema: string, picked: string): string => `
  SELECT ${eventColumns} FROM (
    SELECT at, rank, sum(octet_length(coalesce(page.data, '')) + octet_length(coalesce(page.bytes, ''))) OVER (ORDER BY rank) AS total,
      row_number() OVER (ORDER BY rank) AS place
    FROM (${picked}) AS picked JOIN ${schema}.event AS page ON page.position = picked.at
  ) AS counted
  JOIN ${schema}.event ON event.position = counted.at
  JOIN ${schema}.stream ON stream.id = event.stream
  WHERE counted.total <= ${pageBytes} OR counted.place = 1
  ORDER BY counted.rank`;

/**
 * Reads pages of the log. A prefix with a `-` finds its events by the index of categories, however many other events lie
 * between.
 */
export function pageReader(
  pool: PostgresPool,
  schema: string,
  prefixes: readonly string[] | undefined,
): PageReader {
  const ranges = prefixRanges(prefixes?.filter(isKeepable));
  const isIndexed = ranges?.every(({ from }) => from.includes('-')) ?? false;
  const [filter, names] = nameFilter(ranges ?? []);
  const join = filter === '' ? '' : `JOIN ${schema}.stream ON stream.id = event.stream`;
  const within = `event.position > $1 AND event.position <= $2 ${filter}`;
  const sql = boundedPage(
    schema,
    isIndexed
      ? `SELECT found.at, found.at AS rank FROM unnest($3::bigint[]) AS category (hash) CROSS JOIN LATERAL (
           SELECT event.position AS at FROM ${schema}.event ${join}
           WHERE event.category = category.hash AND ${within} ORDER BY event.position LIMIT ${pageEvents}
         ) AS found ORDER BY found.at LIMIT ${pageEvents}`
      : `SELECT event.position AS at, event.position AS rank FROM ${schema}.event ${join}
         WHERE ${within} AND $3::bigint[] IS NOT NULL ORDER BY event.position LIMIT ${pageEvents}`,
  );
  const categories = isIndexed ? [...new Set(ranges?.map(({ from }) => categoryHash(from)))] : [];
  return async (after, head): Promise<LogPage> => {
    if (ranges?.length === 0) return { events: [], examined: head };
    const until = isIndexed ? head : Math.min(after + pagePositions, head);
    const rows = await rowsOf<EventRow>(pool, sql, [after, until, categories, ...names]);
    const last = rows.at(-1);
    // A short page may have reached its limit in bytes: the next page continues after it.
    return { events: rows.map(storedEvent), examined: last === undefined ? until : last.position };
  };
}

/** The condition on stream names, with parameters from $4 on. */
function nameFilter(ranges: readonly NameRange[]): readonly [sql: string, names: readonly string[]] {
  const names: string[] = [];
  const place = (name: string): string => `$${names.push(name) + 3}`;
  const conditions = ranges.map(
    ({ from, to }) =>
      `(stream.name >= ${place(from)}${to === undefined ? '' : ` AND stream.name < ${place(to)}`})`,
  );
  return [conditions.length === 0 ? '' : `AND (${conditions.join(' OR ')})`, names];
}
