import type { ActionsAccess } from '../context/actionsAccess.js';
import { partitions, type DeliveryStore, type LaneRow, type PartitionState } from '../store/deliveryStore.js';
import { targetKey } from '../store/keys.js';

/** The oldest delivery of a target that waits. */
export interface OldestDelivery {
  /** The stream of the event. */
  readonly stream: string;
  /** The version of the event in its stream. */
  readonly version: bigint;
  /** The time since the event was appended. Milliseconds. */
  readonly ageMs: number;
  /** How many calls of this delivery were made. */
  readonly attempts: number;
  /** When the next call is due; absent where it is not known. */
  readonly nextAttemptAt?: Date;
  /** HTTP status of the last answer; absent where there was none. */
  readonly status?: number;
}

/** How a target is served. */
export type TargetState = 'live' | 'behind' | 'down' | 'paused' | 'throttled' | 'suspended';

/** The deliveries of one target. */
export interface TargetDeliveries {
  /** The instance of the target. */
  readonly instanceID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** The state of the target. */
  readonly state: TargetState;
  /** Why the target is suspended. Absent where it is not. */
  readonly reason?: string;
  /** The oldest undelivered event; absent where there is none. */
  readonly oldest?: OldestDelivery;
  /** How many streams have an undelivered event. */
  readonly lanes: number;
  /** How many dead letters it has. */
  readonly deadLetters: number;
}

/** The committed state in the store, of all workers. */
export interface DeliveriesStatus {
  /**
   * No target is down, throttled or suspended, there is no dead letter, and nothing has waited for a minute.
   */
  readonly healthy: boolean;
  /** How many workers are alive. */
  readonly workers: number;
  /** Each partition and its owner. */
  readonly partitions: readonly {
    readonly partition: number;
    readonly owner?: string;
    readonly position?: bigint;
    readonly lanes: number;
  }[];
  /** Each target with deliveries. */
  readonly targets: readonly TargetDeliveries[];
  /** How many dead letters there are. */
  readonly deadLetters: number;
}

const oldMs = 60_000;
const worst: readonly TargetState[] = ['down', 'suspended', 'paused', 'throttled', 'behind', 'live'];

interface Tally {
  readonly instanceID: string;
  readonly targetID: string;
  state: TargetState;
  reason: string;
  oldest: LaneRow | undefined;
  lanes: number;
  deadLetters: number;
}

const age = ({ created }: LaneRow, now: number): number => Math.max(0, now - created);

/** Tallies the lanes and cursors of the partitions, and the dead letters, for each target. */
export function tallyTargets(
  access: Pick<ActionsAccess, 'durableTargets' | 'clock'>,
  states: readonly (Pick<PartitionState, 'lanes' | 'cursors'> | undefined)[],
  letters: ReadonlyMap<string, number>,
): readonly TargetDeliveries[] {
  const tallies = new Map<string, Tally>();
  const of = (place: { readonly instanceID: string; readonly targetID: string }): Tally => {
    const { instanceID, targetID } = place;
    let tally = tallies.get(targetKey(place));
    if (!tally) {
      tally = {
        instanceID,
        targetID,
        state: 'live',
        reason: '',
        oldest: undefined,
        lanes: 0,
        deadLetters: 0,
      };
      tallies.set(targetKey(place), tally);
    }
    return tally;
  };
  const note = (tally: Tally, state: TargetState, reason = ''): void => {
    if (worst.indexOf(state) < worst.indexOf(tally.state)) Object.assign(tally, { state, reason });
  };
  for (const { instanceID, targetID, target } of access.durableTargets())
    if (target.paused) note(of({ instanceID, targetID }), 'paused');
    else of({ instanceID, targetID });
  for (const state of states) {
    for (const row of state?.lanes ?? []) {
      const tally = of(row);
      tally.lanes++;
      if (row.created > 0 && (!tally.oldest || row.created < tally.oldest.created)) tally.oldest = row;
    }
    for (const row of state?.cursors ?? [])
      if (row.replay === '' && row.position !== null)
        note(of(row), row.stop === '' ? 'behind' : row.stop, row.reason);
  }
  for (const [key, count] of letters) {
    const blank = key.indexOf(' ');
    of({ instanceID: key.slice(0, blank), targetID: key.slice(blank + 1) }).deadLetters = count;
  }
  const now = access.clock.now();
  return [...tallies.values()].map(({ oldest, reason, ...tally }) => ({
    ...tally,
    ...(reason !== '' && { reason }),
    ...(oldest && {
      oldest: {
        stream: oldest.stream,
        version: oldest.head,
        ageMs: age(oldest, now),
        attempts: oldest.attempts,
        ...(oldest.nextAt > 0 && { nextAttemptAt: new Date(oldest.nextAt) }),
        ...(oldest.status > 0 && { status: oldest.status }),
      },
    }),
  }));
}

export const isHealthy = (targets: readonly TargetDeliveries[]): boolean =>
  targets.every(
    ({ state, deadLetters, oldest }) =>
      !['down', 'throttled', 'suspended'].includes(state) &&
      deadLetters === 0 &&
      (oldest?.ageMs ?? 0) < oldMs,
  );

export async function readStatus(access: ActionsAccess, store: DeliveryStore): Promise<DeliveriesStatus> {
  const [leases, workers, letters, states] = await Promise.all([
    store.partitions(),
    store.workers(),
    store.deadLetterCounts(),
    Promise.all(partitions.map((number) => store.state(number))),
  ]);
  const owners = new Map(leases.map(({ partition, owner }) => [partition, owner]));
  const targets = tallyTargets(access, states, letters);
  let deadLetters = 0;
  for (const count of letters.values()) deadLetters += count;
  return {
    healthy: isHealthy(targets),
    workers: workers.length,
    partitions: partitions.map((partition) => {
      const owner = owners.get(partition);
      const state = states[partition];
      return {
        partition,
        ...(owner !== undefined && { owner }),
        ...(state && { position: state.position }),
        lanes: state?.lanes.length ?? 0,
      };
    }),
    targets,
    deadLetters,
  };
}
