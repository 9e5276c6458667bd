import { pause } from '../../lib/clock.js';
import { isHookedStream } from '../../hooks/context/hookedStream.js';
import { isForeign } from '../context/naming.js';
import type { WorkerContext } from '../context/context.js';
import type { MainReader } from '../reading/mainReader.js';
import type { Scheduler } from '../sending/scheduler.js';
import type { Committer } from './committer.js';
import type { Looking } from './looking.js';
import type { Ownership } from './ownership.js';

interface IdlenessParts {
  readonly reader: MainReader;
  readonly scheduler: Scheduler;
  readonly committer: Committer;
  readonly looking: Looking;
  readonly ownership: Ownership;
  /** Why a partition that it should have does not run, by its number. */
  readonly refused: ReadonlyMap<number, string>;
  readonly prefixes: readonly string[] | undefined;
}

const againMs = 50;

/** Waits until no work is left, or the worker has stopped. Rejects with the reason of its signal. */
export function createWhenIdle(
  context: WorkerContext,
  { reader, scheduler, committer, looking, ownership, refused, prefixes }: IdlenessParts,
): (signal: AbortSignal) => Promise<void> {
  const { access, source, partitions } = context;

  function isIdle(): boolean {
    if (scheduler.running > 0 || ownership.rounds === 0 || !ownership.mayCall) return false;
    // A worker that lost its partitions is about to claim them again.
    for (const number of ownership.expected)
      if (!partitions.has(number) && !refused.has(number)) return false;
    if (partitions.size > 0 && !reader.hasCaughtUp) return false;
    for (const partition of partitions.values()) {
      if (partition.isDirty || committer.isWriting(partition) || !looking.hasLooked(partition)) return false;
      for (const lane of partition.lanes.values()) if (lane.phase !== 'blocked') return false;
      for (const cursor of partition.cursors.values())
        if (cursor.position !== undefined && cursor.stop === '') return false;
    }
    return true;
  }

  /** Reads the position of the last event: the reader may not have received an event that was appended just now. */
  async function lastPosition(after: bigint | undefined, signal: AbortSignal): Promise<bigint> {
    let last = after ?? 0n;
    const left = new AbortController();
    const options = {
      ...(last > 0n && { after: last }),
      ...(prefixes && { prefixes }),
      signal: AbortSignal.any([signal, left.signal]),
    };
    for await (const message of source.subscribe(options)) {
      if ('caughtUp' in message) break;
      if ('stream' in message && isHookedStream(message.stream) && !isForeign(message))
        last = message.position;
    }
    left.abort();
    return last;
  }

  return async (signal) => {
    const ending = AbortSignal.any([signal, context.signal]);
    let last: bigint | undefined;
    const isOver = async (): Promise<boolean> => {
      if (!isIdle()) return false;
      if (partitions.size === 0) return true;
      try {
        last ??= await lastPosition(reader.position, ending);
      } catch (error) {
        context.fault('reading the last event', error);
        return false;
      }
      return isIdle() && (reader.position ?? 0n) >= last;
    };
    while (!ending.aborted && !(await isOver())) await pause(access.clock, againMs, ending);
    signal.throwIfAborted();
  };
}
