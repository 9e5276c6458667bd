import { pause } from '../../lib/clock.js';
import { isFinal } from '../../lib/errorCode.js';
import { reportRejection } from '../../lib/ignoredError.js';
import type { WorkerContext } from '../context/context.js';
import { Partition } from '../progress/partition.js';
import type { Lanes } from '../sending/lanes.js';
import type { PartitionState } from '../store/deliveryStore.js';
import type { Committer } from './committer.js';
import { firstPosition, headOfSource } from './firstPosition.js';
import type { OwnershipEvents } from './ownership.js';
import type { Requests } from './requests.js';

/** The partitions that this worker owns: it takes them in, gives them away and loses them. */
interface Holdings extends OwnershipEvents {
  /** Why an assigned partition does not run, by its number. */
  readonly refused: ReadonlyMap<number, string>;
  /** Drops a partition that another worker owns now. */
  lose(partition: Partition): void;
  /** Claims no further partition. */
  takeNoMore(): void;
  /** Gives all partitions away. Resolves also where that fails. */
  giveAllAway(): Promise<void>;
}

interface HoldingsParts {
  readonly lanes: Lanes;
  readonly requests: Requests;
  readonly committer: Committer;
  /** Called in the step that takes a partition in. */
  readonly onTaken: (partition: Partition) => void;
}

const releaseAgainMs = 500;

export function createHoldings(context: WorkerContext, parts: HoldingsParts): Holdings {
  const { access, options, partitions, flows, store, workerID } = context;
  const { lanes, requests, committer, onTaken } = parts;
  const { clock } = access;
  const refused = new Map<number, string>();
  const leaving = new Set<Promise<void>>();
  let isClosing = false;

  function track(ending: Promise<void>): Promise<void> {
    leaving.add(ending);
    return ending.finally(() => leaving.delete(ending));
  }

  /** Repeats the release until it succeeds: other workers would wait for the lease to end. */
  async function release(partition: number, epoch: bigint): Promise<void> {
    for (;;) {
      try {
        await store.release({ partition, workerID, epoch });
        return;
      } catch (error) {
        context.fault(`releasing partition ${partition}`, error);
        if (context.signal.aborted || isFinal(error)) return;
        await pause(clock, releaseAgainMs, context.signal);
      }
    }
  }

  async function claim(number: number, epoch: bigint, state: PartitionState | undefined): Promise<void> {
    const head = await headOfSource(context);
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
    // Resume replays before a reader or a call uses the partition.
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
    // Tell the reader in the same step, so that it does not pass the partition's position.
    onTaken(partition);
    if (!state) await committer.now(partition);
  }

  /** Drops a partition that another worker owns now. */
  function lose(partition: Partition): void {
    if (partitions.get(partition.number) !== partition) return;
    partitions.delete(partition.number);
    partition.isLeaving = true;
    partition.calls.abort();
    lanes.abandon(partition);
  }

  async function callsEnded(partition: Partition): Promise<void> {
    while (partition.running > 0) await pause(clock, 5);
  }

  /** Starts no call, waits for the calls under way, commits and releases: the next owner then repeats no call. */
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
      // Commit the deliveries that ended since: no other worker writes the partition before the release.
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
        // Commit the earlier deliveries, unless another worker has taken the partition.
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
