import { EventStoreUnavailableError, InvalidArgumentError } from '../../errors.js';
import { requireFunctions } from '../../lib/reading/reading.js';
import type { Clock } from '../../ports.js';
import { ownTypes } from './ownTypes.js';

/** A row of `pg`. */
export type Row = Readonly<Record<string, unknown>>;

/** The result of a query. */
interface PostgresResult {
  readonly rows: readonly Row[];
  /** The command that ran: `ROLLBACK` where a `COMMIT` found its transaction failed. */
  readonly command: string;
}

/** A statement with its parameters and the parsers of its values. */
export interface PostgresQuery {
  /** The statement, with `$1` for the first parameter. */
  readonly text: string;
  /** The parameters, in order. */
  readonly values: readonly unknown[];
  /** The parsers of its values, in place of the parsers that the process has set on `pg`. */
  readonly types: typeof ownTypes;
}

/** A connection of the pool, as `pool.connect` of `pg` passes it to its callback. */
export interface PostgresClient {
  /** Runs a statement. @throws the error of `pg` */
  query(query: string | PostgresQuery): Promise<unknown>;
  /** Adds a listener for a broken connection. */
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Removes the listener. */
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  /** Returns the connection to the pool. @param error - discards the connection instead */
  release(error?: Error | boolean): void;
}

/** A pool of the `pg` package, 8.11 or later, by shape: any copy of the package fits. */
export interface PostgresPool {
  /** Passes the callback a connection, or the error of `pg`. */
  connect(lent: (error: Error | undefined, client: PostgresClient | undefined) => void): void;
  /** Runs a statement on any connection of the pool. @throws the error of `pg` */
  query(query: string | PostgresQuery): Promise<unknown>;
}

const poolNeeded = 'pool is a Pool of the package pg: new Pool({ connectionString })';

/** @throws {@link InvalidArgumentError} for a value that is not a pool */
export function requirePool(pool: unknown): void {
  requireFunctions(pool, ['connect', 'query'], poolNeeded);
}

/** Runs a query with typed rows. */
export async function rowsOf<Result>(
  connection: Pick<PostgresPool, 'query'>,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Result[]> {
  const { rows } = (await connection.query({ text, values, types: ownTypes })) as PostgresResult;
  return rows as readonly Result[];
}

/** Runs several statements as one message. Returns their results in order. */
export async function resultsOf(
  client: Pick<PostgresClient, 'query'>,
  text: string,
): Promise<readonly PostgresResult[]> {
  const results = await client.query({ text, values: [], types: ownTypes });
  return (Array.isArray(results) ? results : [results]) as readonly PostgresResult[];
}

/** A pool of `pg` says whether `end` was called. */
const isEnded = (pool: PostgresPool): boolean => 'ending' in pool && pool.ending === true;

const poolEnded = (cause: Error | undefined): EventStoreUnavailableError =>
  new EventStoreUnavailableError(
    'the pool of PostgreSQL was ended: close the stores that use it first, and end the pool last; nothing was written',
    { cause, closed: true },
  );

/** Lends a connection to `action`. Where the action fails, the pool discards the connection: its state is unknown. */
export async function withClient<Result>(
  pool: PostgresPool,
  action: (client: PostgresClient) => Promise<Result>,
): Promise<Result> {
  // A lent connection that breaks emits `error` and rejects its query; without a listener the event ends the process.
  const noted = (): void => undefined;
  const client = await new Promise<PostgresClient>((resolve, reject) => {
    // Add the listener in the callback, not a turn later: the packet that frees the connection may also end it.
    pool.connect((error, lent) => {
      if (lent === undefined) {
        reject(isEnded(pool) ? poolEnded(error) : (error ?? new Error('the pool lent no connection')));
        return;
      }
      if (typeof (lent as Partial<PostgresClient>).release !== 'function') {
        reject(new InvalidArgumentError(poolNeeded));
        return;
      }
      lent.on('error', noted);
      resolve(lent);
    });
  });
  let failed = true;
  try {
    const result = await action(client);
    failed = false;
    return result;
  } finally {
    client.removeListener('error', noted);
    client.release(failed);
  }
}

/** How long to wait for an answer, and the clock that measures it. */
interface Patience {
  readonly clock: Clock;
  readonly milliseconds: number;
}

/**
 * As {@link withClient}, with a time limit: a silent connection is closed, and whether its last statement took effect is
 * unknown.
 */
export async function withPatience<Result>(
  pool: PostgresPool,
  { clock, milliseconds }: Patience,
  action: (client: PostgresClient) => Promise<Result>,
): Promise<Result> {
  let cancel: () => void = () => undefined;
  const silent = new Promise<never>((_, reject) => {
    cancel = clock.after(milliseconds, () => {
      reject(new Error(`no answer within ${milliseconds} ms`));
    });
  });
  // Do not start the action on a connection that the pool lends after the limit.
  let isLate = false;
  silent.catch(() => {
    isLate = true;
  });
  const work = withClient(pool, (client) => (isLate ? silent : Promise.race([action(client), silent])));
  try {
    return await Promise.race([work, silent]);
  } finally {
    cancel();
  }
}
