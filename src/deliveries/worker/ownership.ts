import { pause } from '../../lib/clock.js';
import { assign } from '../policy/assignment.js';
import type { Partition } from '../progress/partition.js';
import { partitionCount, type PartitionLease, type PartitionState } from '../store/deliveryStore.js';
import type { WorkerContext } from '../context/context.js';
import { Presence, selfAsWorker } from './presence.js';

/** Claims the partitions of this worker, and limits how long it may call targets. */
export interface Ownership {
  /** Whether this worker may call targets now. */
  readonly mayCall: boolean;
  /** The work whose last try failed: to renew the lease, or to share the work. */
  readonly failing: ReadonlySet<string>;
  /** Ends the beats. Give the partitions away first. */
  stop(): Promise<void>;
  /** The partitions that it should have and can: its own ones, and those that it is about to claim. */
  readonly expected: ReadonlySet<number>;
  /** How many rounds of reading the workers and claiming partitions have ended. */
  readonly rounds: number;
}

export interface OwnershipEvents {
  readonly onClaimed: (partition: number, epoch: bigint, state: PartitionState | undefined) => Promise<void>;
  /** Called for a partition that is assigned to another worker now. */
  readonly onUnassigned: (partition: Partition) => void;
  readonly onLost: (partition: Partition) => void;
  readonly onLapsed: () => void;
  /** Called when a beat succeeds after the right to call had ended: other workers may have taken the partitions. */
  readonly onRegained: () => Promise<void>;
}

/** The longest time between two looks for workers that are gone. Milliseconds. */
const longestLookMs = 250;

export function startOwnership(context: WorkerContext, events: OwnershipEvents): Ownership {
  const { access, options, partitions, store, workerID } = context;
  const { clock } = access;
  const { leaseMs } = options;
  // A margin for slow timers. Other workers count the lease from when they saw the beat, which is later than its start.
  const marginMs = Math.min(1_000, leaseMs / 5);
  const presence = new Presence(leaseMs);
  const self = selfAsWorker(workerID);
  const stopping = new AbortController();
  let rightUntil = -Infinity;
  /** The right to call has ended: the partitions in memory are no longer this worker's. */
  let isVoid = false;
  let beat = 0;
  let rounds = 0;
  let expected: ReadonlySet<number> = new Set();
  let cancelTimer: (() => void) | undefined;
  const failing = new Set<string>();

  /**
   * Extends the right to call from the start of a beat. Where the right had ended, the worker begins without
   * partitions.
   */
  function renew(until: number): void {
    rightUntil = until;
    cancelTimer?.();
    cancelTimer = clock.after(Math.max(0, until - clock.elapsed()), () => {
      isVoid = true;
      events.onLapsed();
    });
  }

  async function claim(partition: number, { epoch }: Pick<PartitionLease, 'epoch'>): Promise<void> {
    const claimed = await store.claim({ partition, workerID, epoch });
    if (claimed) await events.onClaimed(partition, claimed.epoch, claimed.state);
  }

  /** Releases a partition whose lease still names this worker: no other worker takes it while this one is alive. */
  async function giveBack(partition: number, { epoch }: Pick<PartitionLease, 'epoch'>): Promise<void> {
    const claimed = await store.claim({ partition, workerID, epoch });
    if (claimed) await store.release({ partition, workerID, epoch: claimed.epoch });
  }

  /** A lease of this worker without a partition in memory comes from a claim that failed half-way. */
  const isFree = ({ owner }: PartitionLease, alive: ReadonlySet<string>): boolean =>
    owner === undefined || owner === workerID || !alive.has(owner);

  async function settle(
    leases: ReadonlyMap<number, PartitionLease>,
    alive: ReadonlySet<string>,
  ): Promise<void> {
    const assigned = assign([...alive].sort());
    const leaseOf = (number: number): PartitionLease =>
      leases.get(number) ?? { partition: number, owner: undefined, epoch: 0n };
    const meant = [...assigned].filter(([, id]) => id === workerID).map(([number]) => number);
    expected = new Set(meant.filter((number) => isFree(leaseOf(number), alive)));
    const steps: Promise<void>[] = [];
    for (let number = 0; number < partitionCount; number++) {
      const lease = leaseOf(number);
      const mine = partitions.get(number);
      const isMeant = assigned.get(number) === workerID;
      if (mine && lease.epoch > mine.epoch) events.onLost(mine);
      else if (!mine && !isMeant && lease.owner === workerID) steps.push(giveBack(number, lease));
      else if (mine && !isMeant && !mine.isLeaving) events.onUnassigned(mine);
      else if (!mine && isMeant && !stopping.signal.aborted && isFree(lease, alive))
        steps.push(claim(number, lease));
    }
    // Side by side: a claim asks a distant store several times, and one that fails holds up no other.
    const failed = (await Promise.allSettled(steps)).find((step) => step.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async function beatOnce(): Promise<void> {
    const beganAt = clock.elapsed();
    await store.beat({ ...self, beat: ++beat });
    if (!stopping.signal.aborted) renew(beganAt + leaseMs - marginMs);
  }

  async function settleOnce(): Promise<void> {
    if (clock.elapsed() >= rightUntil) return;
    if (isVoid) {
      // Other workers may have taken the partitions of this worker: claim them again before a target is called.
      await events.onRegained();
      isVoid = false;
    }
    const [workers, leases] = await Promise.all([store.workers(), store.partitions()]);
    const alive = presence.alive(workers, clock.elapsed());
    const owners = new Set(leases.map(({ owner }) => owner));
    await settle(new Map(leases.map((lease) => [lease.partition, lease])), new Set([...alive, workerID]));
    rounds++;
    for (const { id } of workers)
      if (!alive.has(id) && id !== workerID && !owners.has(id)) await store.leave(id);
  }

  async function attempt(what: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
      if (failing.delete(what)) context.mended(what);
    } catch (error) {
      failing.add(what);
      context.fault(what, error);
    }
  }

  async function repeat(what: string, everyMs: number, step: () => Promise<void>): Promise<void> {
    while (!stopping.signal.aborted) {
      const startedAt = clock.elapsed();
      await attempt(what, step);
      const waitMs = Math.max(everyMs / 10, everyMs - (clock.elapsed() - startedAt));
      await pause(clock, waitMs, stopping.signal);
    }
  }

  /** Beats do not wait for claims, which may take longer than a lease lasts. */
  async function run(): Promise<void> {
    await attempt('renewing the lease', beatOnce);
    const beatMs = leaseMs / 3;
    await Promise.all([
      repeat('renewing the lease', beatMs, beatOnce),
      repeat('sharing the work', Math.min(beatMs, longestLookMs), settleOnce),
    ]);
  }
  const running = run();

  return {
    get mayCall() {
      return !isVoid && clock.elapsed() < rightUntil;
    },
    failing,
    get expected() {
      return expected;
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
