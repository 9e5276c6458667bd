import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { failure } from '../../eventstoredb/double/trailers.js';
import { collect, failureOf, openFixture, placed, settles, streamName } from './fixture.js';
import { manualClock } from '../../support/manualClock.js';
import { jsonEvent } from './clientUnderTest.js';

describe('readStream of EventStoreDB', () => {
  it('reads a soft-deleted stream as empty, and a tombstoned stream not at all', async () => {
    await using open = await openFixture();
    const { client, store } = open;
    const stream = streamName();
    await store.append(stream, [placed()]);
    await client.deleteStream(stream);
    expect(await collect(store.readStream(stream))).to.deep.equal([]);
    await client.tombstoneStream(stream);
    expect(await failureOf(collect(store.readStream(stream)))).to.include({ code: 'STREAM_DELETED', stream });
  });

  it('reads metadata that are no JSON object as none', async () => {
    await using open = await openFixture();
    const stream = streamName();
    for (const metadata of ['text', [1], new Uint8Array([1, 2])])
      await open.client.appendToStream(stream, jsonEvent({ type: 'order.placed', data: {}, metadata }));
    const events = await collect(open.store.readStream(stream));
    expect(events.map(({ metadata }) => metadata)).to.deep.equal([{}, {}, {}]);
  });

  it('tells an error of the server, after which the store reads again', async () => {
    await using open = await openFixture();
    const { double, store } = open;
    const stream = streamName();
    await store.append(stream, [placed()]);
    double.faults.nextCalls('read', failure(status.INTERNAL, 'out of order'));
    const error = await failureOf(collect(store.readStream(stream)));
    expect(error).to.include({ code: 'EVENT_STORE_UNAVAILABLE' });
    expect(error).to.have.property('detail').that.contains('out of order');
    await double.kill();
    expect(await failureOf(collect(store.readStream(stream)))).to.include({
      code: 'EVENT_STORE_UNAVAILABLE',
    });
    await double.start();
    expect(await collect(store.readStream(stream))).to.have.length(1);
  });

  it('gives up on a server that does not answer for 22 s', async () => {
    const clock = manualClock();
    await using open = await openFixture({ clock });
    open.double.faults.silent.add('read');
    const reading = failureOf(collect(open.store.readStream(streamName())));
    await clock.started(1);
    clock.advance(21_999);
    expect(await settles(reading, 50)).to.equal(false);
    clock.advance(1);
    expect(await reading).to.include({ code: 'EVENT_STORE_UNAVAILABLE' });
    expect(clock.pending().length).to.equal(0);
  });
});
