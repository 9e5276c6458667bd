import { pause } from '../../lib/clock.js';
import { assign } from '../policy/assignment.js';
import type { Partition } from '../progress/partition.js';
import { partitionCount, type PartitionLease, type PartitionState } from '../store/deliveryStore.js';
import type { WorkerContext } from '../context/context.js';
import { Presence, selfAsWorker } from './presence.js';

/** Which partitions this worker has, and for how long it may call. */
export interface Ownership {
  /** Whether its right holds at this moment. */
  readonly mayCall: boolean;
  /** Ends the beats; partitions are given away before. */
  stop(): Promise<void>;
  /** How often it has looked at who is there, and taken what it should have. */
  readonly rounds: number;
}

export interface OwnershipEvents {
  readonly onClaimed: (partition: number, epoch: bigint, state: PartitionState | undefined) => Promise<void>;
  /** Another worker should have it: nothing new, let calls end, commit, release. */
  readonly onUnassigned: (partition: Partition) => void;
  readonly onLost: (partition: Partition) => void;
  readonly onLapsed: () => void;
  /** It is heard again after its right had ended: nothing that it had is its own any more. */
  readonly onRegained: () => Promise<void>;
}

export function startOwnership(context: WorkerContext, events: OwnershipEvents): Ownership {
  const { access, options, partitions, store, workerID } = context;
  const { clock } = access;
  const { leaseMs } = options;
  // Others count from when they saw the last beat, which was later than it began: the margin is for slow timers.
  const marginMs = Math.min(1_000, leaseMs / 5);
  const presence = new Presence(leaseMs);
  const self = selfAsWorker(workerID);
  const stopping = new AbortController();
  let rightUntil = -Infinity;
  let hasLapsed = true;
  let beat = 0;
  let rounds = 0;
  let cancelTimer: (() => void) | undefined;

  function renew(until: number): void {
    rightUntil = until;
    cancelTimer?.();
    hasLapsed = clock.elapsed() >= until;
    if (hasLapsed) return;
    cancelTimer = clock.after(until - clock.elapsed(), () => {
      hasLapsed = true;
      events.onLapsed();
    });
  }

  async function claim(partition: number, { epoch }: Pick<PartitionLease, 'epoch'>): Promise<void> {
    const claimed = await store.claim({ partition, workerID, epoch });
    if (claimed) await events.onClaimed(partition, claimed.epoch, claimed.state);
  }

  /** What was lost half-way is this worker's on paper alone: nobody else could take it while it is alive. */
  async function giveBack(partition: number, { epoch }: Pick<PartitionLease, 'epoch'>): Promise<void> {
    const claimed = await store.claim({ partition, workerID, epoch });
    if (claimed) await store.release({ partition, workerID, epoch: claimed.epoch });
  }

  /** Its own lease without its partition is of a claim that failed half-way. */
  const isFree = ({ owner }: PartitionLease, alive: ReadonlySet<string>): boolean =>
    owner === undefined || owner === workerID || !alive.has(owner);

  async function settle(
    leases: ReadonlyMap<number, PartitionLease>,
    alive: ReadonlySet<string>,
  ): Promise<void> {
    const assigned = assign([...alive].sort());
    for (let number = 0; number < partitionCount; number++) {
      const lease = leases.get(number) ?? { partition: number, owner: undefined, epoch: 0n };
      const mine = partitions.get(number);
      const isMeant = assigned.get(number) === workerID;
      if (mine && lease.epoch > mine.epoch) events.onLost(mine);
      else if (!mine && !isMeant && lease.owner === workerID) await giveBack(number, lease);
      else if (mine && !isMeant && !mine.isLeaving) events.onUnassigned(mine);
      else if (!mine && isMeant && !stopping.signal.aborted && isFree(lease, alive))
        await claim(number, lease);
    }
  }

  async function once(): Promise<void> {
    const beganAt = clock.elapsed();
    beat++;
    await store.beat({ ...self, beat });
    if (stopping.signal.aborted) return;
    // Others may have taken what this worker had, or be about to: it is claimed again before anything is called.
    if (hasLapsed) await events.onRegained();
    renew(beganAt + leaseMs - marginMs);
    const [workers, leases] = await Promise.all([store.workers(), store.partitions()]);
    const alive = presence.alive(workers, clock.elapsed());
    const owners = new Set(leases.map(({ owner }) => owner));
    await settle(new Map(leases.map((lease) => [lease.partition, lease])), new Set([...alive, workerID]));
    rounds++;
    for (const { id } of workers)
      if (!alive.has(id) && id !== workerID && !owners.has(id)) await store.leave(id);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const startedAt = clock.elapsed();
      try {
        await once();
      } catch (error) {
        context.fault('renewing the lease', error);
      }
      // Half a beat early where the last one was slow.
      const waitMs = Math.max(leaseMs / 30, leaseMs / 3 - (clock.elapsed() - startedAt));
      await pause(clock, waitMs, stopping.signal);
    }
  }
  const running = run();

  return {
    get mayCall() {
      return clock.elapsed() < rightUntil;
    },
    get rounds() {
      return rounds;
    },
    async stop() {
      stopping.abort();
      await running;
      cancelTimer?.();
      rightUntil = -Infinity;
    },
  };
}
