import { expect } from 'chai';
import {
  defaultDeadlineOf,
  forgetConnection,
  isBatchStream,
  openStreamsOf,
  throwsOnAppendFailure,
} from '../../../src/stores/grpcClient/client/clientInternals.js';
import { collect, openFixture } from './fixture.js';
import {
  isKurrentDB,
  jsonEvent,
  packageName,
  persistentSubscriptionToStreamSettingsFromDefaults,
  version,
} from './clientUnderTest.js';

describe(`the private members of ${packageName} ${version}`, () => {
  it('are the members of the version that the guards were written for', () => {
    expect(version).to.match(isKurrentDB ? /^1\.3\./ : /^6\.2\./);
  });

  it('hold every open stream, of which only the batch append stream has a data listener at first', async () => {
    await using open = await openFixture();
    const { client } = open;
    const streams = openStreamsOf(client);
    expect(streams).to.be.instanceOf(Set);
    const entered: boolean[] = [];
    const add = streams.add.bind(streams);
    streams.add = (stream) => {
      entered.push(isBatchStream(stream));
      return add(stream);
    };
    await client.createPersistentSubscriptionToStream(
      'order-1',
      'workers',
      persistentSubscriptionToStreamSettingsFromDefaults(),
    );
    const persistent = client.subscribeToPersistentSubscriptionToStream('order-1', 'workers');
    await new Promise((resolve) => persistent.on('confirmation', resolve));
    expect(entered).to.deep.equal([false]);
    await client.appendToStream('order-1', jsonEvent({ type: 'order.placed', data: {} }));
    expect(entered).to.deep.equal([false, true]);
    await collect(open.store.readStream('order-1'));
    expect(entered).to.deep.equal([false, true, false]);
    await persistent.unsubscribe();
  });

  it('give the default deadline and whether a conflict throws', async () => {
    await using open = await openFixture();
    expect(defaultDeadlineOf(open.client)).to.be.within(9_000, 10_000);
    expect(throwsOnAppendFailure(open.client)).to.equal(true);
  });

  it('forget a connection, after which the client connects again', async () => {
    await using open = await openFixture();
    const { client } = open;
    const channels = client as unknown as { getChannel(): Promise<unknown> };
    const before = await channels.getChannel();
    await forgetConnection(client);
    expect(await channels.getChannel()).to.not.equal(before);
    await client.appendToStream('order-1', jsonEvent({ type: 'order.placed', data: {} }));
  });
});
