import { expect } from 'chai';
import { createActions, memoryEventStore, type Actions, type ActionsOptions } from 'eventstore-actions';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

import { createJwtKeys, type JwtKeysOptions } from '../../src/signing/jwtKeys.js';
import { createKeyring } from '../../src/signing/keyring.js';
import { createReceiver } from '../../src/receiver/receiver.js';

interface Arrived {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Setting {
  readonly actions: Actions;
  readonly endpoint: string;
  readonly arrived: readonly Arrived[];
  readonly append: (type: string) => Promise<unknown>;
}

/** A real application with a real endpoint that keeps its calls. */
async function withEndpoint(
  options: Partial<ActionsOptions>,
  test: (setting: Setting) => Promise<void>,
): Promise<void> {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((bytes) => {
      arrived.push({ headers: request.headers, body: bytes.toString() });
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const eventStore = memoryEventStore();
  const actions = await createActions({
    eventStore,
    keyring: createKeyring({ activeKeyID: 'k1', keys: { k1: randomBytes(32) } }),
    network: { allow: ['127.0.0.1/32'] },
    ...options,
  });
  const store = actions.intercept(eventStore);
  try {
    await test({
      actions,
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      arrived,
      append: (type) => store.append('order-1', [{ type, data: { total: 1 } }]),
    });
  } finally {
    await actions.close();
    server.close();
    await once(server, 'close');
  }
}

const only = <Item>(items: readonly Item[]): Item => {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`${items.length} instead of one`);
  return item;
};

describe('a call of the library', () => {
  it('is accepted by the receiver and by the standardwebhooks package, each call under its own id', async () => {
    await withEndpoint({}, async ({ actions, endpoint, arrived, append }) => {
      const { id, signingKey } = await actions.targets.add({
        name: 'a',
        type: 'webhook',
        endpoint,
        interruptOnError: true,
      });
      await actions.executions.set({ event: { all: true } }, [id]);
      await append('order.placed');
      await append('order.paid');
      const receiver = createReceiver({ signingKeys: [signingKey] });
      const ids = new Set<string | undefined>();
      for (const { headers, body } of arrived) {
        const call = await receiver.read({ headers, body });
        expect(call).to.include({ kind: 'event', depth: 1, rehearsal: false });
        ids.add(call.id);
        const plain = headers as Record<string, string>;
        expect(new Webhook(signingKey).verify(body, plain)).to.deep.equal(call.payload);
      }
      expect(ids).to.have.property('size', 2);
    });
  });

  it('is signed by both keys while a key is rotated, and by the new key alone afterwards', async () => {
    let time = Date.now();
    await withEndpoint({ now: () => time }, async ({ actions, endpoint, arrived, append }) => {
      const { id, signingKey: old } = await actions.targets.add({ name: 'a', type: 'webhook', endpoint });
      await actions.executions.set({ event: { all: true } }, [id]);
      const { signingKey: current } = await actions.targets.rotateSigningKey(id, { graceMs: 60_000 });
      await append('order.placed');
      time += 60_001;
      await append('order.paid');
      const [during, after] = arrived;
      if (during === undefined || after === undefined) throw new Error('two calls were expected');
      const oldReceiver = createReceiver({ signingKeys: [old], now: () => time });
      const newReceiver = createReceiver({ signingKeys: [current], now: () => time });
      expect(await oldReceiver.read(during)).to.have.property('kind', 'event');
      expect(await newReceiver.read(during)).to.have.property('kind', 'event');
      expect(await newReceiver.read(after)).to.have.property('kind', 'event');
      expect(await oldReceiver.read(after).catch((error: unknown) => error)).to.have.property(
        'reason',
        'mismatch',
      );
    });
  });

  const jwtKeys: JwtKeysOptions = {
    activeKeyID: 'ed',
    keys: { ed: generateKeyPairSync('ed25519').privateKey },
  };
  for (const type of ['webhook', 'requestResponse', 'async'] as const)
    it(`is a jwt for a target of type ${type} that asks for it`, async () => {
      await withEndpoint({ jwtKeys }, async ({ actions, endpoint, arrived, append }) => {
        const { id, signingKey } = await actions.targets.add({
          name: 'a',
          type,
          endpoint,
          payloadType: 'jwt',
        });
        await actions.executions.set({ event: { group: 'order' } }, [id]);
        await append('order.placed');
        await actions.close();
        const { headers, body } = only(arrived);
        expect(headers['content-type']).to.equal('application/json');
        const receiver = createReceiver({ signingKeys: [signingKey], jwks: createJwtKeys(jwtKeys).jwks() });
        const call = await receiver.read({ headers, body });
        expect(call).to.include({ kind: 'event', payloadType: 'jwt' });
        expect(call.payload).to.deep.include({ event_payload: { total: 1 }, phase: 'before-append' });
      });
    });
});
