import type { EventStore, SubscribeOptions, SubscriptionMessage } from '../../src/ports.js';
import { memoryIndexStore, type IndexStore } from '../../src/routing/indexStore.js';
import { startProjection, type Projection } from '../../src/routing/projection.js';
import { instantClock } from '../support/instantClock.js';
import { executionSet } from '../support/recordedEvents.js';

export const clock = instantClock();
const opened: Projection[] = [];

export function start(store: EventStore, indexStore: IndexStore = memoryIndexStore()) {
  const projection = startProjection({ store, indexStore, clock, random: () => 0 });
  opened.push(projection);
  return Object.assign(projection, { indexStore });
}

export const setOf = (id: string, ...targets: string[]) =>
  [`actions.execution-default.${id}`, [{ type: 'execution.set', data: executionSet(...targets) }]] as const;

export const entriesOf = (projection: Projection, id: string) =>
  projection.index
    .instance('default')
    .entries(id)
    ?.map((entry) => (entry.type === 'target' ? entry.target : `@${entry.include}`));

/** A store whose subscriptions go through `change`. */
export const withSubscriptions = (
  store: EventStore,
  change: (
    messages: AsyncIterable<SubscriptionMessage>,
    options: SubscribeOptions,
    count: number,
  ) => AsyncIterable<SubscriptionMessage>,
): EventStore => {
  let count = 0;
  return { ...store, subscribe: (options) => change(store.subscribe(options), options, ++count) };
};

export async function closeProjections(): Promise<void> {
  for (const projection of opened.splice(0)) await projection.close();
}
