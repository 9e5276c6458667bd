import type { AppendResult } from '../../ports.js';
import type { ProposedAppend } from '../../events/proposedAppend.js';
import { onAbort } from '../../lib/onAbort.js';
import { answerGroup, type AppendOutcome } from '../local/answerGroup.js';
import { createAppendWriter, type Look } from './appendWriter.js';
import { commitFailed, isConnectionUsable, notWritten } from './postgresErrors.js';
import { resultsOf, withClient, type PostgresClient, type PostgresPool } from './pool.js';
import { channelOf, lockKey } from './eventTables.js';

/** The most appends that share one commit, and the most bytes of their events. */
const groupSize = 256;
const groupBytes = 4_194_304;

interface Waiting {
  readonly append: ProposedAppend;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
  /** Called when the transaction begins: an abort has no effect after that. */
  begin(): void;
}

/** The result of a group's commit: the outcome of each append, or one error for all. */
type GroupOutcome =
  { readonly outcomes: readonly AppendOutcome[] } | { readonly failed: unknown; readonly inCommit: boolean };

type LookRows = readonly [head: Look['head'], tails: Look['tails'], places: Look['places']];

export interface GroupCommit {
  add(append: ProposedAppend, signal: AbortSignal | undefined): Promise<AppendResult>;
  /** Resolves when all added appends have settled. */
  drain(): Promise<void>;
}

const bytesOf = ({ events }: ProposedAppend): number =>
  events.reduce((sum, { data, metadata }) => sum + data.length + (metadata?.length ?? 0), 0);

/**
 * Lets the appends that arrive during a commit share the next one. The store decides each append separately, in the order
 * of the calls; the append settles after the commit.
 *
 * The transaction takes an advisory lock before it assigns positions, and holds it until the commit, so that positions
 * appear in order and without gaps. The server ends a writer that keeps the lock idle for 10 s.
 *
 * @param announce - called with the streams that were written
 */
export function createGroupCommit(
  pool: PostgresPool,
  schema: string,
  announce: (streams: readonly string[]) => void,
): GroupCommit {
  const writer = createAppendWriter(schema);
  const begin = `BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL lock_timeout = '5s';
SET LOCAL idle_in_transaction_session_timeout = '10s';
SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off';
SELECT pg_advisory_xact_lock(${lockKey(schema)});
`;
  const commitSQL = (insert: string): string =>
    `${insert};\nSELECT pg_notify('${channelOf(schema)}', '');\nCOMMIT`;
  const queue = new Set<Waiting>();
  let running: Promise<void> | undefined;

  function takeGroup(): readonly Waiting[] {
    const group: Waiting[] = [];
    let bytes = 0;
    for (const waiting of queue) {
      bytes += bytesOf(waiting.append);
      if (group.length === groupSize || (group.length > 0 && bytes > groupBytes)) break;
      group.push(waiting);
    }
    for (const waiting of group) {
      queue.delete(waiting);
      waiting.begin();
    }
    return group;
  }

  /**
   * Queues an append. An abort of `signal` removes it until its transaction begins, and rejects it with the signal's
   * reason.
   */
  function enqueue(waiting: Omit<Waiting, 'begin'>, signal: AbortSignal | undefined): void {
    const queued = { ...waiting, begin: () => stopListening() };
    queue.add(queued);
    const stopListening = onAbort(signal, () => {
      if (queue.delete(queued)) waiting.reject(signal?.reason);
    });
  }

  async function commit(client: PostgresClient, appends: readonly ProposedAppend[]): Promise<GroupOutcome> {
    let inCommit = false;
    try {
      const look = await resultsOf(client, `${begin}${writer.lookSQL(appends)}`);
      const [head, tails, places] = look.slice(-3).map(({ rows }) => rows) as unknown as LookRows;
      const { outcomes, insert } = writer.judge(appends, { head, tails, places });
      // The rows and the commit are one message: from here on a lost connection leaves the outcome unknown.
      inCommit = true;
      const committed = await resultsOf(client, insert === undefined ? 'COMMIT' : commitSQL(insert));
      // The server answers ROLLBACK where it had already ended the transaction.
      if (committed.at(-1)?.command === 'ROLLBACK')
        return { failed: new Error('the transaction was rolled back'), inCommit: false };
      return { outcomes };
    } catch (failed) {
      if (!isConnectionUsable(failed)) throw new CommitError(failed, inCommit);
      try {
        await client.query('ROLLBACK');
      } catch (lost) {
        // The server ended the connection with its answer, as it does where it cannot write its log: a commit may be on disk.
        throw new CommitError(new Error('the connection was lost', { cause: lost }), inCommit);
      }
      return { failed, inCommit };
    }
  }

  /** Takes the group when it has a connection, so that appends can be aborted while they wait for the connection. */
  async function commitGroup(
    take: () => readonly Waiting[],
  ): Promise<readonly [group: readonly Waiting[], result: GroupOutcome]> {
    let group: readonly Waiting[] | undefined;
    try {
      const result = await withClient(pool, async (client): Promise<GroupOutcome> => {
        group = take();
        if (group.length === 0) return { outcomes: [] };
        return await commit(
          client,
          group.map(({ append }) => append),
        );
      });
      return [group ?? [], result];
    } catch (error) {
      const result =
        error instanceof CommitError
          ? { failed: error.cause, inCommit: error.inCommit }
          : { failed: error, inCommit: false };
      return [group ?? take(), result];
    }
  }

  async function answer(take: () => readonly Waiting[]): Promise<void> {
    const [group, result] = await commitGroup(take);
    if ('failed' in result) {
      // One append of the group cannot be written: commit each append separately, so that the others succeed.
      if (group.length > 1 && isConnectionUsable(result.failed)) {
        for (const waiting of group) await answer(() => [waiting]);
        return;
      }
      const failure = result.inCommit ? commitFailed : notWritten;
      for (const { append, reject } of group) reject(failure(result.failed, append, schema));
      return;
    }
    const streams = answerGroup(group, result.outcomes);
    if (streams.length > 0) announce(streams);
  }

  async function run(): Promise<void> {
    while (queue.size > 0) {
      let taken: readonly Waiting[] = [];
      try {
        await answer(() => (taken = takeGroup()));
      } catch (error) {
        // Appends that have settled are not affected.
        for (const { append, reject } of taken) reject(commitFailed(error, append, schema));
      }
    }
    running = undefined;
  }

  return {
    add: (append, signal) =>
      new Promise((resolve, reject) => {
        enqueue({ append, resolve, reject }, signal);
        // Appends of one turn of the event loop share the first transaction.
        running ??= Promise.resolve().then(run);
      }),
    async drain() {
      while (running !== undefined) await running;
      queue.clear();
    },
  };
}

/** Carries a failure that ended the connection through `withClient`, which then discards the connection. */
class CommitError extends Error {
  override readonly name = 'CommitError';
  readonly inCommit: boolean;

  constructor(cause: unknown, inCommit: boolean) {
    super('the transaction ended with its connection', { cause });
    this.inCommit = inCommit;
  }
}
