import { allDeadLetters } from '../store/allDeadLetters.js';
import { InvalidArgumentError } from '../../errors.js';
import type { ActionsAccess } from '../context/actionsAccess.js';
import { partitions, type DeadLetter, type DeliveryStore } from '../store/deliveryStore.js';
import type { DeliverySource } from '../context/context.js';
import { takeDiscard, takeReplay } from './operatorInputs.js';
import { positionAt } from './positionAt.js';
import { createListing, type DeliveryPage, type ListDeliveries } from './listing.js';
import { createReset } from './resetTo.js';
import type { DeliveryItem } from './waitingItem.js';
import { shownText } from '../../lib/shown/shownText.js';

/** The dead letters or the period to replay. */
export type ReplayRequest =
  | { readonly ids: readonly string[] }
  | { readonly targetID: string; readonly reason?: string }
  /** The events from `from` on and before `to`: a position of the source, or a time. */
  | { readonly targetID: string; readonly from: bigint | Date; readonly to: bigint | Date };

/** The dead letters to discard. */
export type DiscardRequest =
  { readonly ids: readonly string[] } | { readonly targetID: string; readonly reason?: string };

/** Requests to the workers, which carry each out with one of their next commits. */
export interface Requested {
  /** How many dead letters the request covers. */
  readonly deadLetters: number;
}

/** The operations of operators; they need no worker in this process. */
export interface Operators {
  /**
   * Lists waiting deliveries and dead letters.
   * @throws {@link InvalidArgumentError}, {@link EventStoreUnavailableError}
   */
  list(query?: ListDeliveries): Promise<DeliveryPage>;
  /**
   * One delivery by its id; `undefined` where no delivery of this id waits or is parked.
   * @throws {@link EventStoreUnavailableError}
   */
  show(id: string): Promise<DeliveryItem | undefined>;
  /** Delivers dead letters, or a period, once more. @throws {@link InvalidArgumentError}, {@link EventStoreUnavailableError} */
  replay(request: ReplayRequest): Promise<Requested>;
  /** Discards dead letters for good. @throws {@link InvalidArgumentError}, {@link EventStoreUnavailableError} */
  discard(request: DiscardRequest): Promise<Requested>;
  /**
   * Makes every partition begin again after a position. Refused while a worker of the group lives.
   * @throws {@link InvalidArgumentError}, {@link EventStoreUnavailableError}
   */
  resetTo(position: bigint): Promise<void>;
}

export function createOperators(
  access: ActionsAccess,
  store: DeliveryStore,
  source: DeliverySource,
): Operators {
  async function lettersOf(request: ReturnType<typeof takeDiscard>): Promise<readonly DeadLetter[]> {
    if (!('ids' in request))
      return allDeadLetters(store, { targetID: request.targetID, reason: request.reason });
    const found = await Promise.all(request.ids.map((id) => store.deadLetter(id)));
    return found.flatMap((letter) => letter ?? []);
  }

  async function ask(kind: 'replay' | 'discard', found: readonly DeadLetter[]): Promise<Requested> {
    const byPartition = new Map<number, string[]>();
    for (const { partition, id } of found)
      byPartition.set(partition, [...(byPartition.get(partition) ?? []), id]);
    for (const [partition, ids] of byPartition)
      await store.request({ id: access.generateID(), partition, kind, deadLetters: ids });
    return { deadLetters: found.length };
  }

  async function replayPeriod(targetID: string, from: bigint | Date, to: bigint | Date): Promise<Requested> {
    const instances = [...access.durableTargets()].filter((each) => each.targetID === targetID);
    const [found] = instances;
    if (!found)
      throw new InvalidArgumentError(
        `there is no durable target ${shownText(targetID)}; nothing was requested: list the targets to see their ids`,
      );
    const period = { from: await positionAt(source, from), to: await positionAt(source, to) };
    if (period.from >= period.to)
      throw new InvalidArgumentError(
        `from has to lie before to, and they are at the positions ${period.from} and ${period.to}; nothing was requested`,
      );
    const { instanceID } = found;
    const id = access.generateID();
    for (const partition of partitions)
      await store.request({
        id: `${id}.${partition}`,
        partition,
        kind: 'replayPeriod',
        instanceID,
        targetID,
        ...period,
      });
    return { deadLetters: 0 };
  }

  return {
    ...createListing(store),
    resetTo: createReset(access, store),
    async replay(asked) {
      const request = takeReplay(asked);
      if ('from' in request) return replayPeriod(request.targetID, request.from, request.to);
      const found = await lettersOf(request);
      return ask(
        'replay',
        found.filter(({ isReplaying }) => !isReplaying),
      );
    },
    async discard(asked) {
      return ask('discard', await lettersOf(takeDiscard(asked)));
    },
  };
}
