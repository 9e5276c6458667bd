import type { Deliveries, DeliveryItem, ListDeliveries } from '../../index.js';
import { ConsoleProblem } from '../calls/problems.js';

/** The deliveries of one page of the store, and the most pages that are read for one answer. */
const pageSize = 200;
const mostPages = 500;

interface OwnPage {
  readonly items: readonly DeliveryItem[];
  readonly next?: string;
}

/** The cursor after an item, in the form of `Deliveries.list`. */
const after = ({ state, id }: DeliveryItem): string => `${state} ${id}`;

/**
 * Reads a page of the deliveries of one instance. The list of the store has the deliveries of all instances; the cursor
 * names an item of this instance, and reveals nothing of others.
 */
export async function ownPage(
  deliveries: Pick<Deliveries, 'list'>,
  instanceID: string,
  query: ListDeliveries & { readonly limit: number },
  isWanted: (item: DeliveryItem) => boolean = () => true,
): Promise<OwnPage> {
  const items: DeliveryItem[] = [];
  let asked: ListDeliveries = { ...query, limit: pageSize };
  for (let pages = 0; pages < mostPages; pages += 1) {
    const page = await deliveries.list(asked);
    for (const item of page.items) {
      if (item.instanceID !== instanceID || !isWanted(item)) continue;
      const last = items.at(-1);
      if (last && items.length >= query.limit) return { items, next: after(last) };
      items.push(item);
    }
    if (page.next === undefined) return { items };
    asked = { ...asked, after: page.next };
  }
  throw new ConsoleProblem(
    503,
    'TOO_MANY',
    'there are too many deliveries to look through: ask for those of one target',
  );
}
