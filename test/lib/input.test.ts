import { expect } from 'chai';
import { createDeliveries, defineFunction, eventDeliveryStore } from '../../src/index.js';
import { createReceiver } from '../../src/receiver/index.js';
import { interceptEmmett } from '../../src/stores/emmett/index.js';
import { openActions, rejection } from '../support/openActions.js';

/** The errors for wrong input, of functions that never write and of functions that do. */
async function answersOf() {
  const { actions } = await openActions();
  const wrong = { nonsense: true } as never;
  const thrown = (action: () => unknown): unknown => {
    try {
      return action();
    } catch (error) {
      return error;
    }
  };
  return {
    readers: [
      thrown(() => actions.explain(wrong)),
      thrown(() => actions.calls.list(wrong)),
      await rejection(actions.targets.list(wrong)),
      await rejection(actions.executions.list(wrong)),
    ],
    writers: [
      await rejection(actions.targets.add(wrong)),
      await rejection(actions.targets.change('some-target', wrong)),
      await rejection(actions.executions.set({ event: { all: true } }, wrong)),
    ],
  };
}

describe('the answer to wrong input', () => {
  it('says that nothing was written for operations that write, and for no others', async () => {
    const { readers, writers } = await answersOf();
    for (const error of [...readers, ...writers])
      expect(error).to.be.an('error').with.property('code', 'INVALID_ARGUMENT');
    for (const error of readers) expect((error as Error).message).not.to.contain('written');
    for (const error of writers) expect((error as Error).message).to.contain('nothing was written');
  });

  it('shows the given value, or its type where the value may be a secret, and what was written', async () => {
    const { actions, guarded, store } = await openActions();
    const wrong = (value: unknown) => value as never;
    const append = (event: unknown, options = {}) => guarded.append('order-1', [wrong(event)], options);
    const event = { type: 'order.placed', data: {} };
    const answers: readonly (readonly [() => unknown, string])[] = [
      [() => append(5), 'not 5; nothing was appended'],
      [() => append({ ...event, id: 'x' }), 'not "x"; nothing was appended'],
      [() => append({ ...event, metadata: [] }), 'not an array; nothing was appended'],
      [() => append({ type: 'a', data: 1n }), '; nothing was appended'],
      [() => append(event, wrong({ expectedVersion: 'x' })), 'not "x"; nothing was appended'],
      [() => guarded.append('order-1', wrong('x')), 'not a value of type string; nothing was appended'],
      [() => actions.targets.change('a', {}, wrong({ ifRevision: 'x' })), 'not "x"; nothing was written'],
      [() => actions.executions.set(wrong({ event: { all: 1 } }), []), 'all is true, not 1'],
      [() => actions.executions.set(wrong({ event: { event: 5 } }), []), 'not empty, not 5'],
      [() => actions.executions.set(wrong({ event: 5 }), []), 'not a value of type number'],
      [() => actions.network.change(wrong(5)), 'not a value of type number'],
      [
        () => actions.network.change({ allow: wrong(5) }),
        'network.allow is a list of entries, not a value of type number',
      ],
      [() => actions.intercept(wrong(5)), 'append and readStream, not a value of type number; nothing'],
      [
        () => actions.intercept(wrong({ append: () => undefined })),
        'append and readStream; this one has no function readStream; nothing was called or written',
      ],
      [() => interceptEmmett(wrong({}), wrong('x')), 'made, not a value of type string; nothing was called'],
      [
        () => createDeliveries(wrong({ actions: null, store: eventDeliveryStore(store, { group: 'g' }) })),
        'made, not null: pass that object itself',
      ],
      [() => defineFunction(wrong(5)), 'an object, not a value of type number'],
      [() => defineFunction(wrong({})), 'the name of a function is text, not undefined'],
      [
        () => defineFunction(wrong({ name: 'f', payload: 5, answer: 5, apply: () => 5 })),
        'is a schema of zod, not a value of type number',
      ],
      [() => createReceiver({ signingKeys: wrong('CANARY') }), 'a list of keys, not a value of type string'],
    ];
    for (const [call, words] of answers) {
      const error = await rejection(Promise.resolve().then(call));
      expect(error).to.have.property('code', 'INVALID_ARGUMENT');
      expect((error as Error).message)
        .to.contain(words)
        .and.not.contain('CANARY');
    }
  });
});
