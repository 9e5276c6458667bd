import { once } from 'node:events';
import {
  persistentSubscriptionToAllSettingsFromDefaults,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  streamNameFilter,
  type EventStoreDBClient,
  type PersistentSubscriptionToStreamResolvedEvent,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { anEvent, openDouble, rejection } from './doubleFixture.js';

type Message = PersistentSubscriptionToStreamResolvedEvent;
type Settings = Parameters<typeof persistentSubscriptionToStreamSettingsFromDefaults>[0];

const createGroup = (client: EventStoreDBClient, settings: Settings = {}) =>
  client.createPersistentSubscriptionToStream(
    's',
    'g',
    persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, ...settings }),
  );

const consume = (client: EventStoreDBClient, bufferSize = 10) => {
  const subscription = client.subscribeToPersistentSubscriptionToStream('s', 'g', { bufferSize });
  const messages: Message[] = [];
  let wake: (() => void) | undefined;
  subscription.on('data', (message: Message) => {
    messages.push(message);
    wake?.();
  });
  const next = async (): Promise<Message> => {
    for (;;) {
      const message = messages.shift();
      if (message) return message;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { subscription, messages, next };
};

const events = (count: number) => Array.from({ length: count }, () => anEvent());

describe('Persistent subscriptions of the double', () => {
  it('deliver again events that no consumer answered in time, and count each repeat', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    await client.appendToStream('s', anEvent());
    await createGroup(client, { messageTimeout: 20 });
    const { subscription, next } = consume(client);
    expect((await next()).retryCount).to.equal(0);
    const again = await next();
    expect(again.retryCount).to.equal(1);
    await subscription.ack(again);
    await subscription.unsubscribe();
  });

  it('have at most as many unanswered messages on the way as the consumer takes', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    await client.appendToStream('s', events(5));
    await createGroup(client);
    const { subscription, messages, next } = consume(client, 2);
    const first = await next();
    await next();
    const info = await client.getPersistentSubscriptionToStreamInfo('s', 'g');
    expect(info.connections.map(({ inFlightMessages }) => inFlightMessages)).to.deep.equal([2]);
    expect(messages).to.have.length(0);
    await subscription.ack(first);
    expect((await next()).event?.revision).to.equal(2n);
    await subscription.unsubscribe();
  });

  it('give the unanswered events of a consumer that left to another', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    await client.appendToStream('s', events(1));
    await createGroup(client);
    const gone = consume(client);
    await gone.next();
    const other = consume(client);
    await once(other.subscription, 'confirmation');
    await gone.subscription.unsubscribe();
    expect((await other.next()).event?.revision).to.equal(0n);
    await other.subscription.unsubscribe();
  });

  it('stop for a consumer that answers with stop', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    await client.appendToStream('s', events(1));
    await createGroup(client);
    const { subscription, next } = consume(client);
    const failed = once(subscription, 'error');
    await subscription.nack('stop', 'enough', await next());
    expect((await failed)[0]).to.have.property('type', 'persistent-subscription-dropped');
  });

  it('take no more consumers than the settings allow', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    await createGroup(client, { maxSubscriberCount: 1 });
    const first = consume(client);
    await once(first.subscription, 'confirmation');
    const [error] = (await once(consume(client).subscription, 'error')) as [Error];
    expect(error).to.have.property('type', 'maximum-subscribers-reached');
    await first.subscription.unsubscribe();
  });

  it('say why a message was parked', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    await client.appendToStream('s', events(1));
    await createGroup(client);
    const { subscription, next } = consume(client);
    await subscription.nack('park', 'unreadable', await next());
    await subscription.unsubscribe();
    const { stats } = await client.getPersistentSubscriptionToStreamInfo('s', 'g');
    expect(stats.parkedMessageCount).to.equal(1n);
    const [parked] = double.stored('$persistentsubscription-s::g-parked');
    expect(JSON.parse(Buffer.from(parked?.metadata ?? []).toString())).to.include({
      reason: 'unreadable',
      subscriptionEventNumber: 0,
    });
  });

  it('begin at their checkpoint after a restart: some messages come twice, none is lost', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    await client.appendToStream('s', events(5));
    await createGroup(client, { checkPointAfter: 1, checkPointLowerBound: 1, checkPointUpperBound: 2 });
    const before = consume(client);
    for (let count = 0; count < 3; count++) await before.subscription.ack(await before.next());
    await client.getPersistentSubscriptionToStreamInfo('s', 'g');
    const dropped = once(before.subscription, 'error');
    await double.restart();
    await dropped;
    const checkpoint = double.stored('$persistentsubscription-s::g-checkpoint').at(-1);
    const reached = Number(JSON.parse(Buffer.from(checkpoint?.data ?? []).toString()));
    expect(reached).to.be.within(1, 2);
    const after = consume(client);
    expect((await after.next()).event?.revision).to.equal(BigInt(reached + 1));
    await after.subscription.unsubscribe();
  });

  it('read $all through a filter', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    await client.appendToStream('other', events(3));
    await client.appendToStream('s', events(2));
    const filter = streamNameFilter({ prefixes: ['s'] });
    const settings = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START });
    await client.createPersistentSubscriptionToAll('g', settings, { filter });
    const subscription = client.subscribeToPersistentSubscriptionToAll('g');
    const streams: (string | undefined)[] = [];
    await new Promise<void>((resolve) => {
      subscription.on('data', (message) => {
        streams.push(message.event?.streamId);
        void subscription.ack(message);
        if (streams.length === 2) resolve();
      });
    });
    expect(streams).to.deep.equal(['s', 's']);
    await subscription.unsubscribe();
  });

  it('are listed, updated and deleted', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    await createGroup(client);
    const settings = persistentSubscriptionToStreamSettingsFromDefaults({ maxRetryCount: 3 });
    await client.updatePersistentSubscriptionToStream('s', 'g', settings);
    const listed = await client.listAllPersistentSubscriptions();
    expect(
      listed.map((group) => [group.eventSource, group.groupName, group.settings.maxRetryCount]),
    ).to.deep.equal([['s', 'g', 3]]);
    await client.deletePersistentSubscriptionToStream('s', 'g');
    expect(await client.listAllPersistentSubscriptions()).to.deep.equal([]);
    expect(await rejection(client.listPersistentSubscriptionsToStream('s'))).to.have.property(
      'type',
      'persistent-subscription-does-not-exist',
    );
  });
});
