import { partitions, type DeliveryStore } from '../store/deliveryStore.js';
import { takeDeliveryID, takeListQuery } from './operatorInputs.js';
import { parkedItem, waitingItem, type DeliveryItem } from './waitingItem.js';

/** Which deliveries to list. */
export interface ListDeliveries {
  /** The id of the target. Absent: any. */
  readonly targetID?: string;
  /** The stream. Absent: any. */
  readonly stream?: string;
  /** The state of the deliveries. Absent: both. */
  readonly state?: 'waiting' | 'parked';
  /** The most deliveries of a page, at most 1 000. @defaultValue 100 */
  readonly limit?: number;
  /** `next` of the previous page. Absent: from the first. */
  readonly after?: string;
}

/** One page of the list. */
export interface DeliveryPage {
  /** The items of the page. */
  readonly items: readonly DeliveryItem[];
  /** Asks for the page after this one. Absent on the last page. */
  readonly next?: string;
}

type WaitingQuery = Pick<ReturnType<typeof takeListQuery>, 'targetID' | 'stream'>;

/** Lists waiting deliveries and dead letters, whether or not a worker runs in this process. */
export function createListing(store: DeliveryStore) {
  async function waiting({ targetID, stream }: WaitingQuery): Promise<readonly DeliveryItem[]> {
    const states = await Promise.all(partitions.map((number) => store.state(number)));
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

  return {
    async list(asked: ListDeliveries = {}): Promise<DeliveryPage> {
      const query = takeListQuery(asked);
      const { targetID, stream, state, limit, after } = query;
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
        targetID,
        stream,
        limit: room + 1,
        after: stage === 'parked' ? id : undefined,
      });
      items.push(...found.slice(0, room).map(parkedItem));
      if (found.length <= room) return { items };
      const last = found[room - 1];
      return { items, next: `parked${last ? ` ${last.id}` : ''}` };
    },
    async show(asked: string): Promise<DeliveryItem | undefined> {
      const id = takeDeliveryID(asked);
      const letter = await store.deadLetter(id);
      if (letter) return parkedItem(letter);
      return (await waiting({})).find((item) => item.id === id);
    },
  };
}
