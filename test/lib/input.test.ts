import { expect } from 'chai';
import { createActions, createDeliveries, defineFunction, eventDeliveryStore } from '../../src/index.js';
import { expressActions } from '../../src/integrations/express/index.js';
import { createReceiver } from '../../src/receiver/index.js';
import { interceptEmmett } from '../../src/stores/emmett/index.js';
import { openActions, rejection } from '../support/openActions.js';

/** The errors for wrong input, of functions that never write and of functions that do. */
async function answersOf() {
  const { actions } = await openActions();
  const wrong = { nonsense: true } as never;
  return {
    readers: [
      await rejection(Promise.resolve().then(() => actions.calls.list(wrong))),
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

class Policy {
  readonly allow = [];
}

describe('the answer to wrong input', () => {
  it('says that nothing was written for operations that write, and that nothing was read for queries', async () => {
    const { readers, writers } = await answersOf();
    for (const error of [...readers, ...writers])
      expect(error).to.be.an('error').with.property('code', 'INVALID_ARGUMENT');
    for (const error of readers) expect((error as Error).message).to.match(/; nothing was read$/);
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
      [
        () => actions.executions.set(wrong({ event: { all: 1 } }), []),
        'all of event is true, not 1; nothing was called or written',
      ],
      [() => actions.executions.set(wrong({ event: { event: 5 } }), []), 'not empty, not 5'],
      [() => actions.executions.set(wrong({ event: 5 }), []), 'not a value of type number'],
      [() => actions.network.change(wrong(5)), 'not a value of type number; nothing was called or written'],
      [
        () => actions.network.change(wrong({ allow: ['a b'] })),
        'not understood: "a b"; nothing was called or written: write an address',
      ],
      [
        () => actions.network.change(wrong(Policy)),
        'network is a function, not a class; nothing was called or written',
      ],
      [
        () => actions.runAs({ instanceID: '' }, () => 1),
        'has 1 to 200 letters, digits, _ or -, not ""; nothing was called or written',
      ],
      [
        () =>
          actions.targets.add({
            name: 'a',
            type: 'webhook',
            endpoint: 'https://a.example',
            headers: { host: 'CANARY' },
          }),
        'header "host" is set by the library and cannot be set for a target; nothing was written',
      ],
      [
        () => actions.targets.add({ name: 'a', type: 'webhook', endpoint: 'https://127.0.0.1' }),
        '; nothing was written',
      ],
      [
        () => actions.executions.set({ event: { all: true } }, [wrong(5)]),
        '0: must be the id of a target or { include: condition }, not a value of type number; nothing was written',
      ],
      [
        () => actions.executions.set({ event: wrong('all') }, []),
        'not the text "all": write { event: { all: true } }',
      ],
      [
        () => actions.executions.set({ request: wrong('*') }, []),
        'not the text "*": write { request: { all: true } }',
      ],
      [
        () => actions.executions.set({ request: { method: 'POST /orders' } }, []),
        'the method "POST /orders" has blanks around a part of it; a method is written /<service>/<method>',
      ],
      [
        () => expressActions(actions, { method: 'POST /orders' }),
        'the method "POST /orders" has blanks around a part of it; a method is written /<service>/<method>',
      ],
      [() => expressActions(actions, { method: '/orders/*' }), 'has a *, which is no wildcard here'],
      [
        () => expressActions(actions, { method: wrong(5) }),
        'the text /<service>/<method>, not a value of type',
      ],
      [() => actions.explain(wrong('a\u00adb')), 'not the text "a\\u00adb": write { event: "a\\u00adb" }'],
      [
        () => createActions(wrong({ eventStore: store, calls: null })),
        'the option calls of createActions must not be null',
      ],
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
        () => createDeliveries(wrong({ actions: 5, store: eventDeliveryStore(store, { group: 'g' }) })),
        'made, not a value of type number: pass that object itself',
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

  it('names the form to write for a text in place of a condition or an occurrence', async () => {
    const { actions } = await openActions();
    const formsOf = async (inputs: Readonly<Record<string, unknown>>, call: (input: never) => unknown) => {
      for (const [form, input] of Object.entries(inputs)) {
        const error = await rejection(Promise.resolve().then(() => call(input as never)));
        expect(error, form).to.have.property('code', 'INVALID_ARGUMENT');
        expect((error as Error).message).to.contain(`: write ${form}; nothing was called or written`);
      }
    };
    await formsOf(
      {
        '{ event: { event: "order.placed" } }': { event: 'order.placed' },
        '{ event: { group: "order" } }': { event: 'order.*' },
        '{ event: { event: "a" } }': 'a',
        '{ event: { group: "a" } }': 'event/a.*',
        '{ event: { all: true } }': 'event',
        '{ request: { method: "/a.B/C" } }': { request: '/a.B/C' },
        '{ response: { service: "a.B" } }': { response: 'a.B' },
        '{ response: { method: "a.B/C" } }': 'response/a.B/C',
        '{ function: { name: "f" } }': { function: 'f' },
        '{ function: { name: "g" } }': 'function/g',
        '{ request: { method: "/x.Y/Z" } }': '/x.Y/Z',
      },
      (condition) => actions.executions.set(condition, []),
    );
    await formsOf(
      {
        '{ event: "order.placed" }': 'order.placed',
        '{ event: "a.b" }': 'event/a.b',
        '{ request: "/a.B/C" }': '/a.B/C',
        '{ response: "a.B/C" }': 'response/a.B/C',
      },
      (occurrence) => actions.explain(occurrence),
    );
  });
});
