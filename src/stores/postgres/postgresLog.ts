import { EventStoreUnavailableError, InvalidArgumentError } from '../../errors.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';
import type { EventLog } from '../local/eventLog.js';
import type { Changes } from './changes.js';
import { eventStoreIn, unavailable } from './postgresErrors.js';
import type { GroupCommit } from './postgresGroupCommit.js';
import { isKeepable, keyOf } from './streamNames.js';
import { boundedPage, headIn, pageReader, storedEvent } from './pages.js';
import { rowsOf, type PostgresPool } from './pool.js';
import { shownText } from '../../lib/shown/shownText.js';

/** Data and metadata are not checked: JSON writes a NUL as an escape. */
function requireKeepable({ stream, events }: ProposedAppend): void {
  for (const text of [stream, ...events.map(({ type }) => type)])
    if (!isKeepable(text))
      throw new InvalidArgumentError(
        `PostgreSQL cannot keep the NUL character in ${shownText(text)}; nothing was appended`,
      );
}

interface PostgresLogOptions {
  readonly pool: PostgresPool;
  readonly schema: string;
  readonly groupCommit: GroupCommit;
  readonly changes: Changes;
}

/**
 * The log in a schema of PostgreSQL. Each read is one statement, so that no transaction stays open while a reader processes
 * a page.
 */
export function createPostgresLog({ pool, schema, groupCommit, changes }: PostgresLogOptions): EventLog {
  const ofStream = (condition: string, order: string) =>
    boundedPage(
      schema,
      `SELECT event.position AS at, row_number() OVER (ORDER BY ${order}) AS rank
       FROM ${schema}.stream JOIN ${schema}.event ON event.stream = stream.id
       WHERE stream.key = $1 AND ${condition} ORDER BY ${order} LIMIT $3`,
    );
  const forwards = ofStream('event.version >= $2', 'event.version');
  const backwards = ofStream('event.version <= $2', 'event.version DESC');

  async function read<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (error) {
      throw unavailable(error, eventStoreIn(schema));
    }
  }

  return {
    hasShortPages: true,
    async append(proposed, signal) {
      requireKeepable(proposed);
      return groupCommit.add(proposed, signal);
    },
    head: () => read(() => headIn(pool, schema)),
    readStream: (stream, from, step, limit) =>
      read(async () => {
        const rows = await rowsOf<Parameters<typeof storedEvent>[0]>(
          pool,
          step === 1 ? forwards : backwards,
          [keyOf(stream), from, limit],
        );
        return rows.map(storedEvent);
      }),
    pages(prefixes) {
      const readPage = pageReader(pool, schema, prefixes);
      return (after, head) => read(async () => readPage(after, head));
    },
    // Pages include all data: they are limited in bytes.
    dataAt(position) {
      throw new EventStoreUnavailableError(`the event at position ${position} is gone from schema ${schema}`);
    },
    async close() {
      await groupCommit.drain();
      await changes.close();
    },
  };
}
