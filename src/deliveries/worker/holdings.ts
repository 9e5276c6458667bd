import { pause } from '../../lib/clock.js';
import { reportRejection } from '../../lib/ignoredError.js';
import type { WorkerContext } from '../context/context.js';
import { Partition } from '../progress/partition.js';
import type { Lanes } from '../sending/lanes.js';
import type { PartitionState } from '../store/deliveryStore.js';
import type { Committer } from './committer.js';
import { firstPosition } from './firstPosition.js';
import type { OwnershipEvents } from './ownership.js';
import type { Requests } from './requests.js';

/** The partitions that this worker holds: how they are taken in, given away and lost. */
export interface Holdings extends OwnershipEvents {
  /** Why a partition that it should have does not run, by its number. */
  readonly refused: ReadonlyMap<number, string>;
  /** Another worker has it: nothing of it is this worker's any more. */
  lose(partition: Partition): void;
  /** Starts nothing, and claims nothing. */
  takeNoMore(): void;
  /** Resolves once all are given away, or it is known that they cannot be. */
  giveAllAway(): Promise<void>;
}

export interface HoldingsParts {
  readonly lanes: Lanes;
  readonly requests: Requests;
  readonly committer: Committer;
  /** It was taken in, in this very step. */
  readonly onTaken: (partition: Partition) => void;
}

const releaseAgainMs = 500;

export function createHoldings(context: WorkerContext, parts: HoldingsParts): Holdings {
  const { access, options, partitions, flows, source, store, workerID } = context;
  const { lanes, requests, committer, onTaken } = parts;
  const { clock } = access;
  const refused = new Map<number, string>();
  const leaving = new Set<Promise<void>>();
  let isClosing = false;

  function track(ending: Promise<void>): Promise<void> {
    leaving.add(ending);
    return ending.finally(() => leaving.delete(ending));
  }

  /** Until it is known that it was: the others would wait for this worker to be gone. */
  async function release(partition: number, epoch: bigint): Promise<void> {
    for (;;) {
      try {
        await store.release({ partition, workerID, epoch });
        return;
      } catch (error) {
        context.fault(`releasing partition ${partition}`, error);
        if (context.signal.aborted) return;
        await pause(clock, releaseAgainMs, context.signal);
      }
    }
  }

  async function claim(number: number, epoch: bigint, state: PartitionState | undefined): Promise<void> {
    const head = await source.head?.();
    if (state && head !== undefined && state.position > head) {
      refused.set(
        number,
        `partition ${number} was read up to ${state.position}, but the events end at ${head}: was the store restored from a backup? Use resetTo`,
      );
      await release(number, epoch);
      return;
    }
    refused.delete(number);
    if (isClosing) {
      await release(number, epoch);
      return;
    }
    const begin = state ? undefined : await firstPosition(context);
    const partition = new Partition(number, epoch, state, begin);
    lanes.adopt(partition);
    // Before a reader or a call can touch it.
    await requests.resume(partition);
    partitions.set(number, partition);
    flows.refresh();
    for (const { instanceID, targetID } of [...partition.lanes.values(), ...partition.cursors.values()])
      flows.of(instanceID, targetID);
    for (const flow of flows.all()) {
      flows.begin(flow, partition);
      flows.applyStopIn(flow, partition);
      for (const cursor of partition.cursors.values())
        if (cursor.stop === 'throttled' && (flow.lanes.get(number) ?? 0) < options.coldLanes / 2)
          cursor.stop = '';
    }
    // In the step that took it in: the reader must not pass it by.
    onTaken(partition);
    if (!state) await committer.now(partition);
  }

  /** Another worker has it: nothing of it is this worker's any more. */
  function lose(partition: Partition): void {
    if (partitions.get(partition.number) !== partition) return;
    partitions.delete(partition.number);
    partition.isLeaving = true;
    partition.calls.abort();
    lanes.abandon(partition);
  }

  async function callsEnded(partition: Partition): Promise<void> {
    while (partition.running > 0) await pause(clock, 5, new AbortController().signal);
  }

  /** Starts nothing, lets calls end, commits, releases: the next owner then repeats nothing. */
  async function giveAway(partition: Partition): Promise<void> {
    partition.isLeaving = true;
    const late = new AbortController();
    const cancel = clock.after(options.drainMs, () => {
      partition.calls.abort();
      late.abort();
    });
    await callsEnded(partition);
    cancel();
    const isKept = await committer.now(partition);
    if (isKept && partitions.get(partition.number) === partition) {
      // Until the release no other worker writes it: write the deliveries that ended since the commit, too.
      await committer.now(partition);
      lose(partition);
      await release(partition.number, partition.epoch);
    }
  }

  return {
    refused,
    lose,
    onClaimed: claim,
    onUnassigned(partition) {
      reportRejection('the end of a partition', track(giveAway(partition)));
    },
    onLost: lose,
    onLapsed() {
      for (const partition of partitions.values()) partition.calls.abort();
    },
    async onRegained() {
      for (const partition of [...partitions.values()]) {
        // Earlier deliveries are written, unless another worker has come first.
        partition.isLeaving = true;
        await callsEnded(partition);
        await committer.now(partition);
        lose(partition);
      }
    },
    takeNoMore() {
      isClosing = true;
      for (const partition of partitions.values()) partition.isLeaving = true;
    },
    async giveAllAway() {
      await Promise.allSettled([...partitions.values()].map((partition) => giveAway(partition)));
      await Promise.allSettled(leaving);
    },
  };
}
