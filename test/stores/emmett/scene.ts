import {
  getInMemoryEventStore,
  type Event,
  type EventStore,
  type InMemoryEventStore,
} from '@event-driven-io/emmett';
import { interceptEmmett } from '../../../src/stores/emmett/index.js';
import { openActions, type OpenedActions, type OpenOptions } from '../../support/openActions.js';

export type OrderPlaced = Event<'order.placed', Record<string, unknown>>;
type OrderPaid = Event<'order.paid', Record<string, unknown>>;
export type OrderEvent = OrderPlaced | OrderPaid;

export const placed = { event: { event: 'order.placed' } } as const;
export const orderPlaced = (data: Record<string, unknown> = { total: 5 }): OrderPlaced => ({
  type: 'order.placed',
  data,
});
export const orderPaid = (data: Record<string, unknown> = { method: 'card' }): OrderPaid => ({
  type: 'order.paid',
  data,
});

interface Scene extends OpenedActions {
  readonly emmett: InMemoryEventStore;
  readonly guardedEmmett: InMemoryEventStore;
}

/** Emmett's own store in memory, and the same with the hook. */
export async function open(options?: OpenOptions): Promise<Scene> {
  const opened = await openActions(options);
  const emmett = getInMemoryEventStore();
  return { ...opened, emmett, guardedEmmett: interceptEmmett(emmett, opened.actions) };
}

/** The events of a stream, without the metadata of the store. */
export async function stored(store: EventStore, stream: string): Promise<readonly unknown[]> {
  const { events } = await store.readStream(stream);
  return events.map(({ type, data }) => ({ type, data }));
}
