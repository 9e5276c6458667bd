import { allDeadLetters } from '../store/allDeadLetters.js';
import { InvalidArgumentError } from '../../errors.js';
import { pause } from '../../lib/clock.js';
import type { ActionsAccess } from '../context/actionsAccess.js';
import { partitionCount, type DeadLetter, type DeliveryStore } from '../store/deliveryStore.js';
import type { DeliverySource } from '../context/context.js';
import { Presence } from '../worker/presence.js';
import { positionAt } from './positionAt.js';
import { parkedItem, waitingItem, type DeliveryItem } from './waitingItem.js';

/** Which deliveries to list. */
export interface ListDeliveries {
  /** The id of the target. Absent: any. */
  readonly targetID?: string;
  /** The stream. Absent: any. */
  readonly stream?: string;
  /** Absent: both. */
  readonly state?: 'waiting' | 'parked';
  /** At most 1 000. @defaultValue 100 */
  readonly limit?: number;
  /** `next` of the page before. Absent: from the first. */
  readonly after?: string;
}

/** A part of the list. */
export interface DeliveryPage {
  /** What is on the page. */
  readonly items: readonly DeliveryItem[];
  /** Asks for the page after this one. Absent on the last page. */
  readonly next?: string;
}

/** What to replay. */
export type ReplayRequest =
  | { readonly ids: readonly string[] }
  | { readonly targetID: string; readonly reason?: string }
  /** The events from `from` on and before `to`: a position of the source, or a time. */
  | { readonly targetID: string; readonly from: bigint | Date; readonly to: bigint | Date };

/** What to discard. */
export type DiscardRequest =
  { readonly ids: readonly string[] } | { readonly targetID: string; readonly reason?: string };

/** What was asked of the workers, which do it with one of their next commits. */
export interface Requested {
  /** Dead letters that it is about. */
  readonly deadLetters: number;
}

/** What operators can ask, whether or not a worker runs in this process. */
export interface Operators {
  /** Lists what waits or is parked. @throws {@link InvalidArgumentError}, {@link EventStoreUnavailableError} */
  list(query?: ListDeliveries): Promise<DeliveryPage>;
  /** One delivery by its id; `undefined` where it is neither waiting nor parked. @throws {@link EventStoreUnavailableError} */
  show(id: string): Promise<DeliveryItem | undefined>;
  /** Delivers dead letters, or a period, once more. @throws {@link InvalidArgumentError}, {@link EventStoreUnavailableError} */
  replay(request: ReplayRequest): Promise<Requested>;
  /** Gives dead letters up. @throws {@link InvalidArgumentError}, {@link EventStoreUnavailableError} */
  discard(request: DiscardRequest): Promise<Requested>;
  /** Begins again after a position; refused while a worker of the group lives. @throws {@link InvalidArgumentError}, {@link EventStoreUnavailableError} */
  resetTo(position: bigint): Promise<void>;
}

const mostItems = 1_000;
const presencePollMs = 200;

export function createOperators(
  access: ActionsAccess,
  store: DeliveryStore,
  source: DeliverySource,
): Operators {
  const numbers = Array.from({ length: partitionCount }, (_, number) => number);

  async function lettersOf(request: DiscardRequest): Promise<readonly DeadLetter[]> {
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

  async function waiting({ targetID, stream }: ListDeliveries): Promise<readonly DeliveryItem[]> {
    const states = await Promise.all(numbers.map((number) => store.state(number)));
    return states
      .flatMap((state) => state?.lanes ?? [])
      .filter(
        (row) =>
          (targetID === undefined || row.targetID === targetID) &&
          (stream === undefined || row.stream === stream),
      )
      .flatMap((row) => waitingItem(row) ?? [])
      .sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  async function replayPeriod(targetID: string, from: bigint | Date, to: bigint | Date): Promise<Requested> {
    const instances = [...access.durableTargets()].filter((each) => each.targetID === targetID);
    const [found] = instances;
    if (!found)
      throw new InvalidArgumentError(
        `there is no durable target ${JSON.stringify(targetID)}; nothing was asked`,
      );
    const period = { from: await positionAt(source, from), to: await positionAt(source, to) };
    if (period.from >= period.to)
      throw new InvalidArgumentError(`from has to lie before to; nothing was asked`);
    const { instanceID } = found;
    const id = access.generateID();
    for (const partition of numbers)
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

  async function assertNobodyWorks(): Promise<void> {
    const presence = new Presence(store.timing.leaseMs);
    const beats = new Map<string, number>();
    for (;;) {
      const workers = await store.workers();
      const alive = presence.alive(workers, access.clock.elapsed());
      if (alive.size === 0) return;
      // One that gives no sign of life for as long as a lease is gone.
      if (workers.some(({ id, beat }) => alive.has(id) && (beats.get(id) ?? beat) !== beat))
        throw new InvalidArgumentError(
          `${alive.size} worker${alive.size === 1 ? ' is' : 's are'} alive: stop them first; nothing was changed`,
        );
      for (const { id, beat } of workers) beats.set(id, beat);
      await pause(access.clock, presencePollMs, new AbortController().signal);
    }
  }

  return {
    async list(query = {}) {
      const { targetID, stream, state, limit = 100, after } = query;
      if (!Number.isInteger(limit) || limit < 1 || limit > mostItems)
        throw new InvalidArgumentError(`limit is a whole number from 1 to ${mostItems}`);
      const [stage = '', id] = after === undefined ? ['waiting'] : after.split(' ');
      const items: DeliveryItem[] = [];
      if (state !== 'parked' && stage === 'waiting')
        items.push(...(await waiting(query)).filter((item) => id === undefined || item.id > id));
      if (items.length > limit) {
        const page = items.slice(0, limit);
        return { items: page, next: `waiting ${page.at(-1)?.id ?? ''}` };
      }
      if (state === 'waiting') return { items };
      const room = limit - items.length;
      const found = await store.deadLetters({
        ...{ targetID, stream, limit: room + 1 },
        after: stage === 'parked' ? id : undefined,
      });
      items.push(...found.slice(0, room).map(parkedItem));
      if (found.length <= room) return { items };
      const last = found[room - 1];
      return { items, next: `parked${last ? ` ${last.id}` : ''}` };
    },
    async show(id) {
      const letter = await store.deadLetter(id);
      if (letter) return parkedItem(letter);
      return (await waiting({})).find((item) => item.id === id);
    },
    async replay(request) {
      if ('from' in request) return replayPeriod(request.targetID, request.from, request.to);
      const found = await lettersOf(request);
      return ask(
        'replay',
        found.filter(({ isReplaying }) => !isReplaying),
      );
    },
    async discard(request) {
      return ask('discard', await lettersOf(request));
    },
    async resetTo(position) {
      if (typeof position !== 'bigint' || position < 0n)
        throw new InvalidArgumentError('resetTo takes a position, a bigint of at least 0n');
      await assertNobodyWorks();
      const leases = new Map((await store.partitions()).map((lease) => [lease.partition, lease]));
      const workerID = `reset-${access.generateID()}`;
      for (const partition of numbers) {
        const { epoch = 0n } = leases.get(partition) ?? {};
        const claimed = await store.claim({ partition, workerID, epoch });
        if (!claimed)
          throw new InvalidArgumentError('a worker has started meanwhile: stop it, and reset again');
        const { cursors = [], lanes = [] } = claimed.state ?? {};
        // What began from an earlier place has begun: it goes on from here too.
        const begun = cursors.filter(({ origin, replay }) => origin !== '' && replay === '');
        await store.commit({
          ...{
            partition,
            workerID,
            epoch: claimed.epoch,
            parked: [],
            removed: [],
            answered: [],
            failures: [],
          },
          change: {
            position,
            putCursors: begun.map((row) => ({ ...row, position: null, stop: '', reason: '' })),
            removeCursors: cursors,
            putLanes: [],
            removeLanes: lanes,
          },
        });
        await store.release({ partition, workerID, epoch: claimed.epoch });
      }
    },
  };
}
