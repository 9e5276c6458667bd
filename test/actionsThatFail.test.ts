import { expect } from 'chai';
import { z } from 'zod';
import { createActions, defineFunction, memoryEventStore } from '../src/index.js';
import type { ActionsOptions, EventStore } from '../src/index.js';
import { rejection } from './support/openActions.js';

/** A store that counts the subscriptions that are open. */
function countingStore(): {
  readonly store: EventStore;
  readonly open: () => number;
  readonly asked: () => number;
} {
  const inner = memoryEventStore();
  let open = 0;
  let asked = 0;
  const store: EventStore = {
    ...inner,
    async *subscribe(options) {
      open += 1;
      asked += 1;
      try {
        yield* inner.subscribe(options);
      } finally {
        open -= 1;
      }
    },
  };
  return { store, open: () => open, asked: () => asked };
}

const priced = defineFunction({
  name: 'priced',
  payload: z.object({}),
  answer: z.object({}),
  apply: () => 0,
});

/** Options that are refused, each by another part of the actions. */
const refused: Readonly<Record<string, Partial<Record<keyof ActionsOptions, unknown>>>> = {
  'a function that is defined twice': { functions: [priced, priced] },
  'a catalogue with a name that no condition can have': { catalogue: { events: ['a..b'] } },
  'a limit out of range': { limits: { entries: 0 } },
  'an entry of the network policy that is none': { network: { allow: ['10.0.0.0/99'] } },
  'a proxy that is none': { proxy: { url: 'ftp://proxy.example' } },
  'certificates that are none': { tls: { ca: 'no certificate' } },
  'a breaker out of range': { breaker: { failures: 0 } },
  'a signing key that is none': { ed25519SigningKeys: ['whsk_no'] },
  'an index store that is none': { indexStore: {} },
  'a schema that is none': { schemas: { events: { a: {} } } },
};

describe('a createActions that fails', () => {
  for (const [name, options] of Object.entries(refused))
    it(`leaves nothing running: ${name}`, async () => {
      const { store, open, asked } = countingStore();
      const error = await rejection(
        createActions({ eventStore: store, keyring: 'plaintext', ...(options as Partial<ActionsOptions>) }),
      );
      expect(error).to.have.property('grpcCode');
      await new Promise((resolve) => setImmediate(resolve));
      expect([open(), asked()]).to.deep.equal([0, 0]);
    });
});
