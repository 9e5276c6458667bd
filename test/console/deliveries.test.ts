import { expect } from 'chai';
import { createServer } from 'node:http';
import { ownPage } from '../../src/console/api/ownDeliveries.js';
import { createConsoleOf } from '../../src/console/console.js';
import type { Deliveries, Delivery, DeliveryPage, Requested } from '../../src/console/wire/deliveries.js';
import type { DeliveryItem, DeliveryPage as StorePage, ListDeliveries } from '../../src/index.js';
import { durable, openDeliveries } from '../deliveries/openDeliveries.js';
import { closeAfterTest } from '../support/closings.js';
import { authenticate } from '../zitadel/openService.js';
import { listen } from '../support/listen.js';
import { asking, pageOfTests } from './openConsole.js';
import { until } from '../support/conditions.js';

/** Two instances, each with a durable target that refuses every event, and two dead letters. */
async function openParked() {
  const opened = await openDeliveries({
    caller: ({ stream }) => ({ instanceID: stream.startsWith('other-') ? 'elsewhere' : 'default' }),
  });
  const { actions, deliveries, serve, store, work } = opened;
  const server = await serve({ status: 400 });
  const targetIDs: string[] = [];
  for (const instanceID of ['default', 'elsewhere'])
    await actions.runAs({ instanceID }, async () => {
      const { id } = await actions.targets.add({
        name: `of ${instanceID}`,
        ...durable,
        endpoint: server.url(),
      });
      await actions.executions.set({ event: { all: true } }, [id]);
      targetIDs.push(id);
    });
  await work({ retry: { firstDelayMs: 1, maxDelayMs: 2, permanentAttempts: 1 } });
  for (const stream of ['order-1', 'order-2', 'other-1', 'other-2'])
    await store.append(stream, [{ type: 'order.placed', data: {} }]);
  await until(async () => (await deliveries.status()).deadLetters >= 4);
  const served = createConsoleOf(actions, { authenticate, deliveries }, { folder: pageOfTests() });
  closeAfterTest(() => served.close());
  const port = await listen(createServer(served));
  const [own = '', foreign = ''] = targetIDs;
  return { ...opened, server, own, foreign, ask: asking(port) };
}

describe('the deliveries of the console', () => {
  it("show the instance's own: status, list and a single delivery", async () => {
    const { ask, own, foreign } = await openParked();
    const { document: status } = await ask<Deliveries>('deliveries');
    expect(status).to.include({ healthy: false, deadLetters: 2, workers: 1 });
    expect(status.targets.map(({ targetID, name }) => [targetID, name])).to.deep.equal([[own, 'of default']]);
    const { document: page } = await ask<DeliveryPage>('deliveries/items?state=parked');
    expect(page.items.map(({ stream }) => stream).sort()).to.deep.equal(['order-1', 'order-2']);
    expect(page.items[0]).to.include({ targetID: own, state: 'parked', status: 400, attempts: 1 });
    expect(JSON.stringify([status, page]))
      .not.to.include(foreign)
      .and.not.to.include('elsewhere');
    const { document: foreignPage } = await ask<DeliveryPage>('deliveries/items', { token: 'elsewhere' });
    expect(foreignPage.items.map(({ stream }) => stream).sort()).to.deep.equal(['other-1', 'other-2']);
    const [item] = page.items;
    expect((await ask<Delivery>(`deliveries/items/${item?.id ?? ''}`)).document).to.deep.equal(item);
    expect((await ask(`deliveries/items/${foreignPage.items[0]?.id ?? ''}`)).status).to.equal(404);
    expect((await ask<DeliveryPage>(`deliveries/items?targetID=${foreign}`)).document).to.deep.equal({
      items: [],
    });
  });

  it('are replayed and discarded, but not those of another instance', async () => {
    const { ask, own, foreign, deliveries, server } = await openParked();
    const foreignIDs = (
      await ask<DeliveryPage>('deliveries/items', { token: 'elsewhere' })
    ).document.items.map(({ id }) => id);
    for (const kind of ['replay', 'discard']) {
      expect((await ask(`deliveries/${kind}`, { body: { ids: foreignIDs } })).status).to.equal(404);
      expect((await ask(`deliveries/${kind}`, { body: { targetID: foreign } })).document).to.deep.equal({
        deadLetters: 0,
        more: false,
      });
    }
    expect((await deliveries.status()).deadLetters).to.equal(4);
    server.answer({ status: 200 });
    const other = await ask<Requested>('deliveries/replay', { body: { targetID: own, reason: 'none' } });
    expect(other.document).to.deep.equal({ deadLetters: 0, more: false });
    const { document: page } = await ask<DeliveryPage>('deliveries/items?state=parked');
    const [first, second] = page.items.map(({ id }) => id);
    expect((await ask('deliveries/replay', { body: { ids: [first] } })).document).to.deep.equal({
      deadLetters: 1,
      more: false,
    });
    expect((await ask('deliveries/discard', { body: { ids: [second] } })).document).to.deep.equal({
      deadLetters: 1,
      more: false,
    });
    const left = async () => (await ask<DeliveryPage>('deliveries/items')).document.items.length;
    await until(async () => (await left()) <= 0);
    expect(await left()).to.equal(0);
    expect((await deliveries.status()).deadLetters).to.equal(2);
    for (const body of [{}, { ids: [] }, { ids: Array.from({ length: 201 }, String) }, { targetID: '' }])
      expect((await ask('deliveries/replay', { body })).status, JSON.stringify(body)).to.equal(400);
  });
});

describe('a page of own deliveries', () => {
  const item = (place: number, instanceID: string): DeliveryItem => ({
    id: `id${String(place).padStart(6, '0')}`,
    instanceID,
    targetID: 't',
    stream: 's',
    version: 0n,
    eventID: 'e',
    eventType: 'e',
    state: 'parked',
    attempts: 1,
    firstAt: new Date(0),
  });

  /** A store in which each `every`th delivery belongs to the instance. */
  function listing(size: number, every: number) {
    const all = Array.from({ length: size }, (_, place) =>
      item(place, place % every === 0 ? 'own' : 'foreign'),
    );
    let asked = 0;
    return {
      asked: () => asked,
      async list({ after, limit = 100 }: ListDeliveries = {}): Promise<StorePage> {
        asked += 1;
        const from = after === undefined ? 0 : Number(after.slice(-6)) + 1;
        const rest = all.slice(from, from + limit + 1);
        const last = rest[limit - 1];
        return {
          items: rest.slice(0, limit),
          ...(last && rest.length > limit && { next: `${last.state} ${last.id}` }),
        };
      },
    };
  }

  it('lists every delivery of the instance once, with a cursor that names a delivery', async () => {
    const deliveries = listing(5_000, 7);
    const found: string[] = [];
    let next: string | undefined;
    do {
      const page = await ownPage(deliveries, 'own', {
        limit: 50,
        ...(next !== undefined && { after: next }),
      });
      found.push(...page.items.map(({ id }) => id));
      next = page.next;
      if (next !== undefined) expect(next).to.equal(`parked ${found.at(-1) ?? ''}`);
    } while (next !== undefined);
    expect(found).to.deep.equal(Array.from({ length: 715 }, (_, place) => item(place * 7, 'own').id));
  });

  it('is filled from a bounded number of pages of the store', async () => {
    const deliveries = listing(150_000, 1_000_000);
    const error: unknown = await ownPage(deliveries, 'none', { limit: 50 }).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.include({ status: 503 });
    expect(deliveries.asked()).to.equal(500);
  });
});
