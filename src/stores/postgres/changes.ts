import type { Clock } from '../../ports.js';
import { headIn } from './pages.js';
import type { PostgresClient, PostgresPool } from './pool.js';
import { channelOf } from './eventTables.js';

/** How often followers look for events of other processes: with a listening connection, and without one. Milliseconds. */
const listeningMs = 2_000;
const pollingMs = 100;

/** A connection of its own for notifications, as `new pg.Client(...)` makes it. */
interface ListeningClient extends Pick<PostgresClient, 'query'> {
  connect(): Promise<unknown>;
  on(event: string, listener: () => void): unknown;
  end(): Promise<void>;
}

interface ListeningPool extends PostgresPool {
  readonly Client?: new (options: unknown) => ListeningClient;
  readonly options?: object;
}

export interface Changes {
  /** Whether another process may have appended since the last call. The first call starts to listen. */
  hasChanged(): boolean;
  close(): Promise<void>;
}

/**
 * Finds out whether other processes have appended: by LISTEN on a connection outside the pool, so that a pool of one
 * connection stays free, and by polling, because connection poolers lose notifications.
 */
export function createChanges(pool: ListeningPool, schema: string, clock: Clock): Changes {
  let changed = true;
  let head = -1;
  let asked = false;
  let closed = false;
  let isLooking = false;
  let listener: ListeningClient | undefined;
  let stopTimer: () => void = () => undefined;
  let working: Promise<void> = Promise.resolve();

  async function listen(): Promise<void> {
    if (pool.Client === undefined || listener !== undefined || closed) return;
    const client = new pool.Client(pool.options ?? {});
    const lost = (): void => {
      if (listener === client) listener = undefined;
      changed = true;
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', () => {
      changed = true;
    });
    await client.connect();
    try {
      await client.query(`LISTEN ${channelOf(schema)}`);
      listener = client;
    } catch (error) {
      await client.end();
      throw error;
    }
  }

  async function poll(): Promise<void> {
    const found = await headIn(pool, schema);
    if (found === head) return;
    head = found;
    changed = true;
  }

  /** Ignore a failed query: the next round repeats it, and the reads of the followers report the error. */
  async function round(): Promise<void> {
    await listen().catch(() => undefined);
    if (!closed)
      await poll().catch(() => {
        changed = true;
      });
    if (closed) return;
    if (!asked) {
      stopTimer = () => undefined;
      isLooking = false;
      await hush();
      return;
    }
    asked = false;
    stopTimer = clock.after(listener === undefined ? pollingMs : listeningMs, start);
  }

  function start(): void {
    working = round();
  }

  async function hush(): Promise<void> {
    const client = listener;
    listener = undefined;
    await client?.end().catch(() => undefined);
  }

  return {
    hasChanged() {
      asked = true;
      if (!isLooking && !closed) {
        isLooking = true;
        start();
      }
      const answer = changed;
      changed = false;
      return answer;
    },
    async close() {
      closed = true;
      stopTimer();
      await working;
      await hush();
    },
  };
}
