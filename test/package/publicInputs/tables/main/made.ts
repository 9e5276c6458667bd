import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import * as root from '../../../../../src/index.js';
import { closeAfterTest } from '../../../../support/closings.js';
import { ecPair, jwtKeysOptions } from '../../../../support/publicKeys.js';

export const method = '/orders.v1.OrderService/PlaceOrder';
export const group = { event: { group: 'order' } };
export const { signal } = new AbortController();
export const priced = root.defineFunction({
  name: 'priced',
  payload: z.object({ total: z.number() }),
  answer: z.object({ total: z.number() }),
  apply: (payload, answer) => answer ?? payload,
});

/** A target, with every option that it may have. */
export const targetNamed = (name: string) => ({
  name,
  type: 'webhook' as const,
  endpoint: 'http://127.0.0.1:8080/',
  timeoutMs: 1_000,
  interruptOnError: true,
  payloadType: 'json' as const,
  enforcement: 'enforce' as const,
  enforcePercent: 100,
  headers: { 'x-tenant': 'a' },
});

/** Actions with a target for every occurrence, and all other objects that the package makes. */
export async function makeAll() {
  const jwtKeys = jwtKeysOptions();
  let dialled = 0;
  const store = root.memoryEventStore();
  const network = {
    allow: ['127.0.0.1'],
    deny: ['192.0.2.1'],
    httpsOnly: false,
    lookup: () => Promise.resolve(['127.0.0.1']),
    connect: () => {
      dialled += 1;
      return Promise.reject(new Error('nothing is dialled here'));
    },
  };
  const actions = await root.createActions({
    eventStore: store,
    keyring: 'plaintext',
    network,
    functions: [priced],
    jwtKeys,
  });
  const { id } = await actions.targets.add(targetNamed('known'));
  const durable = await actions.targets.add({
    name: 'durable',
    type: 'async',
    endpoint: 'http://127.0.0.1:8080/',
    delivery: 'durable',
  });
  const { keyID } = await actions.targets.keys.add(id, { publicKey: ecPair().pem });
  await actions.executions.set({ event: { all: true } }, [id]);
  await actions.executions.set({ request: { all: true } }, [id]);
  await actions.executions.set({ response: { all: true } }, [id]);
  await actions.executions.set({ function: { name: 'priced' } }, [id]);
  const keyring = root.createKeyring({ activeKeyID: 'k1', keys: { k1: randomBytes(32) } });
  const deliveriesIn = () => root.createDeliveries({ actions, store: root.memoryDeliveryStore() });
  const deliveries = deliveriesIn();
  const worker = await deliveriesIn().work();
  closeAfterTest(() => worker.stop());
  closeAfterTest(() => actions.close());
  return {
    actions,
    store,
    network,
    jwtKeys,
    keyring,
    deliveries,
    worker,
    targetID: id,
    keyID,
    durableID: durable.id,
    unused: deliveriesIn(),
    effects: async () => dialled + Number(await store.head()),
  };
}

export type Made = Awaited<ReturnType<typeof makeAll>>;
