import { isFinal } from '../../lib/errorCode.js';
import { reportRejection } from '../../lib/ignoredError.js';
import { pause, soon } from '../../lib/clock.js';
import type { Partition } from '../progress/partition.js';
import type { WorkerContext } from '../context/context.js';
import { writingProgress } from '../context/faults.js';

/** Writes the progress of the partitions. */
export interface Committer {
  /** Writes the partition as soon as the commit under way has ended. */
  soon(partition: Partition): void;
  /** Writes all progress of the partition now; `false` where the lease was lost, or the worker ends. */
  now(partition: Partition): Promise<boolean>;
  /** Whether a commit is under way, or begins in this turn of the event loop. */
  isWriting(partition: Partition): boolean;
  stop(): void;
}

interface CommitterEvents {
  /** Called when another worker has taken the lease of a partition. */
  readonly onLost: (partition: Partition) => void;
  readonly onKept: () => void;
}

/** How often a position alone is written, without other progress. Milliseconds. */
const positionMs = 10_000;
const firstRetryMs = 100;
const longestRetryMs = 5_000;

export function createCommitter(context: WorkerContext, { onLost, onKept }: CommitterEvents): Committer {
  const { access, options, partitions, store, workerID } = context;
  const { clock } = access;
  const running = new Map<Partition, Promise<boolean>>();
  const wanted = new Set<Partition>();
  let positionAt = clock.elapsed() + positionMs;
  let isStopped = false;
  let cancelTimer: (() => void) | undefined;

  /** Repeats one commit until the store has answered: a store recognises a commit that it has kept. */
  async function commitOnce(partition: Partition): Promise<boolean> {
    const { commit, settle } = partition.take(workerID);
    for (let attempt = 0; ; attempt++) {
      try {
        const isKept = await store.commit(commit);
        partition.isStalled = false;
        if (attempt > 0) context.mended(writingProgress(partition.number));
        settle(isKept);
        if (isKept) onKept();
        else onLost(partition);
        return isKept;
      } catch (error) {
        partition.isStalled = true;
        context.fault(writingProgress(partition.number), error);
        const isClosed = isFinal(error);
        // A store that is closed keeps nothing: a worker that stops does not wait for it.
        const isOver = context.signal.aborted || (isClosed && context.stopping.aborted);
        if (isOver || partitions.get(partition.number) !== partition) {
          settle(false);
          return false;
        }
        await pause(
          clock,
          Math.min(firstRetryMs * 2 ** Math.min(attempt, 10), longestRetryMs),
          isClosed ? context.stopping : context.signal,
        );
      }
    }
  }

  function start(partition: Partition): Promise<boolean> {
    const known = running.get(partition);
    if (known) return known.then((isKept) => isKept && now(partition));
    wanted.delete(partition);
    const commit = commitOnce(partition).finally(() => {
      running.delete(partition);
      if (wanted.has(partition) && partitions.get(partition.number) === partition) startReporting(partition);
    });
    running.set(partition, commit);
    return commit;
  }

  const now = (partition: Partition): Promise<boolean> =>
    partition.isDirty || partition.hasMoved || running.has(partition)
      ? start(partition)
      : Promise.resolve(true);

  function startReporting(partition: Partition): void {
    reportRejection('the commit of progress', start(partition));
  }

  function tick(): void {
    const isPositionDue = clock.elapsed() >= positionAt;
    if (isPositionDue) positionAt = clock.elapsed() + positionMs;
    for (const partition of partitions.values())
      if (!running.has(partition) && (partition.isDirty || (isPositionDue && partition.hasMoved)))
        startReporting(partition);
    if (!isStopped) cancelTimer = clock.after(options.commitMs, tick);
  }
  cancelTimer = clock.after(options.commitMs, tick);

  return {
    now,
    isWriting: (partition) => running.has(partition) || wanted.has(partition),
    soon(partition) {
      if (wanted.has(partition)) return;
      wanted.add(partition);
      // Wait for the end of this turn of the event loop: deliveries that end in it share the commit.
      soon('the commit of progress', () => {
        if (
          wanted.has(partition) &&
          !running.has(partition) &&
          partitions.get(partition.number) === partition
        )
          startReporting(partition);
      });
    },
    stop() {
      isStopped = true;
      cancelTimer?.();
    },
  };
}
