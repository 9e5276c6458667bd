import { expect } from 'chai';
import {
  collect,
  failureOf,
  idsIn,
  openFixture,
  placed,
  settles,
  streamName,
} from '../eventStoreDB/fixture.js';
import { connect, jsonEvent, storeOn } from '../eventStoreDB/clientUnderTest.js';

describe('reads through a client of KurrentDB', () => {
  it('work again where the node was down at the first read; reads of the client do not', async () => {
    await using open = await openFixture();
    const { double, store } = open;
    const stream = streamName();
    const event = placed();
    await store.append(stream, [event]);
    const client = open.anotherClient();
    const late = storeOn(client);
    await double.kill();
    expect(await failureOf(collect(late.readStream(stream)))).to.include({ code: 'EVENT_STORE_UNAVAILABLE' });
    expect(await failureOf(late.head())).to.include({ code: 'EVENT_STORE_UNAVAILABLE' });
    await failureOf(collect(client.readStream(stream)));
    await double.start();
    expect(await idsIn(late.readStream(stream))).to.deep.equal([event.id]);
    expect((await late.head()) > 0n).to.equal(true);
    // The client's own read still fails, though the client appends.
    await client.appendToStream(stream, jsonEvent({ type: 'order.placed', data: {} }));
    await failureOf(collect(client.readStream(stream)));
  });

  it('work again after the node was down between two reads', async () => {
    await using open = await openFixture();
    const { double, store } = open;
    const stream = streamName();
    const event = placed();
    await store.append(stream, [event]);
    for (let round = 0; round < 3; round += 1) {
      expect(await idsIn(store.readStream(stream))).to.deep.equal([event.id]);
      await double.kill();
      await failureOf(collect(store.readStream(stream)));
      await double.start();
    }
    expect(await idsIn(store.readStream(stream))).to.deep.equal([event.id]);
  });

  it('end their calls, also when a reader leaves early, so that dispose does not wait', async () => {
    await using open = await openFixture();
    const { store, client, double } = open;
    const stream = streamName();
    for (let count = 0; count < 50; count += 1) await store.append(stream, [placed()]);
    for await (const event of store.readStream(stream)) if (event.version === 3n) break;
    expect(await collect(store.readStream(stream, { direction: 'backwards', limit: 2 }))).to.have.length(2);
    expect(await settles(client.dispose())).to.equal(true);
    expect(double.openCalls('subscription')).to.equal(0);
  });

  it("go through the client's own way where the client opens subscriptions in another way", async () => {
    await using open = await openFixture();
    const stream = streamName();
    const event = placed();
    await open.store.append(stream, [event]);
    const client = connect(open.double.connectionString);
    Object.assign(client, { GRPCStreamCreator: undefined });
    const store = storeOn(client);
    expect(await idsIn(store.readStream(stream))).to.deep.equal([event.id]);
    expect(await collect(store.readStream(streamName()))).to.deep.equal([]);
    expect(await store.head()).to.equal(await open.store.head());
    await client.dispose();
  });

  it('of the client read from the double as from a server', async () => {
    await using open = await openFixture();
    const { client, store } = open;
    const stream = streamName();
    const ids = [placed(), placed(), placed()];
    await store.append(stream, ids);
    const forwards = await collect(client.readStream(stream, { maxCount: 2 }));
    expect(forwards.map(({ event }) => event?.id)).to.deep.equal(ids.slice(0, 2).map(({ id }) => id));
    const backwards = await collect(
      client.readStream(stream, { direction: 'backwards', fromRevision: 'end' }),
    );
    expect(backwards.map(({ event }) => event?.revision)).to.deep.equal([2n, 1n, 0n]);
    expect(await failureOf(collect(client.readStream('order-404')))).to.include({ type: 'stream-not-found' });
    const all = await collect(client.readAll({ direction: 'backwards', fromPosition: 'end', maxCount: 3 }));
    expect(all.map(({ event }) => event?.streamId)).to.deep.equal([stream, stream, stream]);
  });
});
