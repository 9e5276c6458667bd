import { call } from '../../call.js';
import type { Rows } from '../../row.js';
import { signal, type Made } from './made.js';

/** Keyrings and stores. */
export function storesRows({ actions, store, keyring }: Made): Rows {
  const sealed = keyring.seal('secret', 'context');
  const guarded = actions.intercept(store);
  const events = [
    {
      id: '0f3f3f3f-3f3f-4f3f-8f3f-3f3f3f3f3f3f',
      type: 'order.placed',
      data: { total: 1 },
      metadata: { by: 'a' },
    },
  ];
  /** A store of another kind may have more members in an event. */
  const contents = [[1, 0]];
  return {
    'keyring.seal': call(keyring.seal, ['secret', 'context']),
    'keyring.open': call(keyring.open, [sealed, 'context'], { open: [[0]] }),

    'store.append': call(store.append, ['order-1', events, { expectedVersion: 'any', signal }], {
      open: contents,
    }),
    'store.readStream': call(store.readStream, [
      'order-1',
      { from: 0n, direction: 'forwards', limit: 1, signal },
    ]),
    'store.subscribe': call(store.subscribe, [{ after: 0n, prefixes: ['order-'], signal }]),
    'store.head': call(store.head, []),
    'intercept(store).append': call(guarded.append, ['order-1', events, { expectedVersion: 'any', signal }], {
      open: contents,
    }),
  };
}
