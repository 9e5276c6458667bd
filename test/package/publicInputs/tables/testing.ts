import { memoryDeliveryStore, memoryEventStore } from '../../../../src/index.js';
import * as testing from '../../../../src/testing/index.js';
import { call } from '../call.js';
import type { Scene } from '../row.js';

const decider = {
  initialState: () => 0,
  evolve: (state: number, event: number) => state + event,
  decide: (command: number) => [command],
};

type Define = (...args: never[]) => unknown;

/** Hides the functions of mocha, in which a call without a runner would define tests. */
const withoutGlobals =
  (define: Define): Define =>
  (...args) => {
    const { describe, it } = globalThis;
    Object.assign(globalThis, { describe: undefined, it: undefined });
    try {
      return define(...args);
    } finally {
      Object.assign(globalThis, { describe, it });
    }
  };

export function openTesting(): Promise<Scene> {
  // Defines groups and runs none of their tests.
  const runner = {
    describe: (_title: string, define: () => void) => {
      define();
    },
    it: () => undefined,
  };
  const store = memoryEventStore();
  const source = () => ({ source: store, append: store.append });
  const suite = (define: Define, open: () => unknown, more: object = {}) =>
    call(withoutGlobals(define), ['a store', open, { ...more, runner }], { whole: [[2, 'runner']] });
  return Promise.resolve({
    rows: {
      eventStoreContract: suite(testing.eventStoreContract, () => ({ store }), {
        severalHandles: true,
        patienceMs: 10_000,
      }),
      deliveryStoreContract: suite(testing.deliveryStoreContract, () => ({ store: memoryDeliveryStore() })),
      deliverySourceContract: suite(testing.deliverySourceContract, source),
      deciderSpec: call(testing.deciderSpec, [decider], { whole: [[0]] }),
    },
    made: {},
    isPure: true,
    effects: () => Promise.resolve(0),
  });
}
