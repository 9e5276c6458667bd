import type { EventStore } from '../../../../src/index.js';
import { call } from '../call.js';

const { signal } = new AbortController();
const event = { id: '0f3f3f3f-3f3f-4f3f-8f3f-3f3f3f3f3f3f', type: 'a', data: { a: 1 }, metadata: { b: 1 } };
const clock = { now: Date.now, elapsed: () => performance.now(), after: () => () => undefined };

/** The functions of every event store. */
export const storeRows = (
  store: Required<Pick<EventStore, 'append' | 'readStream' | 'subscribe' | 'head'>>,
) => ({
  'store.append': call(store.append, ['order-1', [event], { expectedVersion: 'any', signal }], {
    // A store of another kind may have more members in an event.
    open: [[1, 0]],
  }),
  'store.readStream': call(store.readStream, [
    'order-1',
    { from: 0n, direction: 'backwards', limit: 1, signal },
  ]),
  'store.subscribe': call(store.subscribe, [{ after: 0n, prefixes: ['order-'], signal }]),
  'store.head': call(store.head, []),
});

/** The function that puts targets in front of a client, which is its own, as the actions are. */
export const interceptRow = (intercept: (...args: never[]) => unknown, client: object, actions: object) =>
  call(intercept, [client, actions, { checkFirst: true, clock }], {
    whole: [[0], [1], [2, 'clock']],
    lenient: [[0]],
  });

/** The function that makes an event store of a client. */
export const fromClientRow = (from: (...args: never[]) => unknown, client: object) =>
  call(
    from,
    [client, { requiresLeader: false, deadlineMs: 1_000, maxSearchWindow: 32, clock, generateID: () => 'a' }],
    { whole: [[0], [1, 'clock']], lenient: [[0]] },
  );
