import { once } from 'node:events';
import type { AllStreamSubscription, EventStoreDBClient, StreamSubscription } from '@eventstore/db-client';
import { jsonEvent, START, streamNameFilter } from '@eventstore/db-client';
import { expect } from 'chai';
import { anEvent, openDouble, rejection } from './doubleFixture.js';

const nextEvents = async (
  subscription: StreamSubscription | AllStreamSubscription,
  count: number,
): Promise<string[]> => {
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    subscription.on('data', ({ event }) => {
      heard.push(event?.type ?? '');
      if (heard.length === count) resolve();
    });
  });
  return heard;
};

const readAll = async (client: EventStoreDBClient): Promise<number> => {
  let count = 0;
  for await (const { event } of client.readAll()) if (event) count++;
  return count;
};

describe('The double fails subscriptions', () => {
  for (const [how, type] of [
    ['unavailable', 'unavailable'],
    ['cancelled', 'cancelled'],
    ['reset', 'unavailable'],
  ] as const) {
    it(`while they are open: ${how}`, async () => {
      await using fixture = await openDouble();
      const { double, client } = fixture;
      const subscription = client.subscribeToStream('s');
      await once(subscription, 'confirmation');
      const failed = once(subscription, 'error');
      double.dropSubscriptions(how);
      expect((await failed)[0]).to.have.property('type', type);
    });

    it(`in the place of an event: ${how}`, async () => {
      await using fixture = await openDouble();
      const { double, client } = fixture;
      await client.appendToStream('s', [anEvent(undefined, 'one'), anEvent(undefined, 'two')]);
      double.gates.deliveries.close();
      const subscription = client.subscribeToStream('s');
      const failed = once(subscription, 'error');
      const first = nextEvents(subscription, 1);
      await double.gates.deliveries.arrived(1);
      double.faults.nextDeliveries(how);
      double.gates.deliveries.open();
      expect((await failed)[0]).to.have.property('type', type);
      // A reset may overtake bytes that were sent before it.
      if (how !== 'reset') expect(await first).to.deep.equal(['one']);
    });
  }

  it('by ending subscriptions without an error', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    const subscription = client.subscribeToAll();
    await once(subscription, 'confirmation');
    subscription.resume();
    const ended = once(subscription, 'end');
    double.dropSubscriptions('end');
    await ended;
    expect(double.openCalls('subscription')).to.equal(0);
  });

  it('by never beginning subscriptions', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    double.faults.silent.add('subscription');
    const silent = client.subscribeToStream('s');
    const heard: string[] = [];
    for (const event of ['confirmation', 'caughtUp'] as const) silent.on(event, () => heard.push(event));
    await client.appendToStream('s', anEvent());
    double.faults.silent.clear();
    const subscription = client.subscribeToStream('s');
    subscription.resume();
    await once(subscription, 'caughtUp');
    expect(heard).to.deep.equal([]);
    await Promise.all([silent.unsubscribe(), subscription.unsubscribe()]);
  });

  it('by never saying that the history is over, as servers before 23.10', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    double.faults.withoutCaughtUp = true;
    await client.appendToStream('s', anEvent(undefined, 'history'));
    const subscription = client.subscribeToStream('s');
    let caughtUp = 0;
    subscription.on('caughtUp', () => caughtUp++);
    const heard = nextEvents(subscription, 2);
    await once(subscription, 'confirmation');
    await client.appendToStream('s', anEvent(undefined, 'live'));
    expect(await heard).to.deep.equal(['history', 'live']);
    expect(caughtUp).to.equal(0);
    await subscription.unsubscribe();
  });

  it('and reads of $all, for want of the right', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    double.faults.denied.all = true;
    expect(await rejection(readAll(client))).to.have.property('type', 'access-denied');
    const subscription = client.subscribeToAll();
    const [error] = (await once(subscription, 'error')) as [Error];
    expect(error).to.have.property('type', 'access-denied');
    await client.appendToStream('s', anEvent());
    expect(double.stored()).to.have.length(1);
  });
});

describe('Subscriptions of the double', () => {
  it('go back to catching up when their reader is slow, lose nothing, and say when they have caught up', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    const subscription = client.subscribeToStream('s');
    let caughtUp = 0;
    subscription.on('caughtUp', () => caughtUp++);
    subscription.resume();
    await once(subscription, 'caughtUp');
    subscription.pause();
    const caughtUpAgain = once(subscription, 'caughtUp');
    const large = () =>
      Array.from({ length: 20 }, () => jsonEvent({ type: 'e', data: { text: 'x'.repeat(40_000) } }));
    for (let round = 0; round < 10; round++) await client.appendToStream('s', large());
    const heard = nextEvents(subscription, 200);
    subscription.resume();
    expect(await heard).to.have.length(200);
    await caughtUpAgain;
    expect(caughtUp).to.equal(2);
    await subscription.unsubscribe();
  });

  it('send a checkpoint for every window considered, matching or not, and a checkpoint at the end of the history', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    const foreign = Array.from({ length: 10 }, () => anEvent());
    await client.appendToStream('foreign', foreign);
    const { position: last } = await client.appendToStream('ours', anEvent());
    const checkpoints: bigint[] = [];
    const filter = streamNameFilter({
      prefixes: ['ours'],
      maxSearchWindow: 4,
      checkpointReached: (_, { commit }) => {
        checkpoints.push(commit);
      },
    });
    const subscription = client.subscribeToAll({ fromPosition: START, filter });
    subscription.resume();
    await once(subscription, 'caughtUp');
    // One epoch record and eleven events: three windows, and the end, which is the third window's as well.
    expect(checkpoints).to.have.length(4);
    expect(checkpoints).to.deep.equal(checkpoints.toSorted((one, other) => Number(one - other)));
    expect(checkpoints.at(-1)).to.equal(last?.commit);
    await subscription.unsubscribe();
  });

  it('are refused a position that is no event of its own', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    const { position } = await client.appendToStream('s', [anEvent(), anEvent()]);
    const commit = (position?.commit ?? 0n) - 1n;
    const subscription = client.subscribeToAll({ fromPosition: { commit, prepare: commit } });
    const [error] = (await once(subscription, 'error')) as [Error];
    expect(error).to.have.property('code', 3);
  });
});
