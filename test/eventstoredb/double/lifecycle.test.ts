import { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import { anEvent, classic, openDouble, rejection } from './doubleFixture.js';
import { startCluster } from './startDouble.js';

describe('A restart of the double', () => {
  it('keeps its events and its port', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    const { port } = double;
    await client.appendToStream('s', anEvent());
    await double.restart();
    expect(double.port).to.equal(port);
    await rejection(client.appendToStream('s', anEvent()));
    await client.appendToStream('s', anEvent());
    expect(double.stored('s').map(({ revision }) => revision)).to.deep.equal([0, 1]);
  });

  it('is a refused connection until the restart is over', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    await double.kill();
    expect(await rejection(client.appendToStream('s', anEvent()))).to.include({ code: 14 });
    await double.start();
    await client.appendToStream('s', anEvent());
    expect(double.stored()).to.have.length(1);
  });

  for (const expectedRevision of ['any', 'stream_exists'] as const)
    it(`forgets the ids that were written under ${expectedRevision}`, async () => {
      await using fixture = await openDouble();
      const { double, client } = fixture;
      const event = anEvent();
      await client.appendToStream('s', anEvent());
      await client.appendToStream('s', event, { expectedRevision, ...classic });
      await client.appendToStream('s', event, { expectedRevision, ...classic });
      expect(double.stored('s')).to.have.length(2);
      await double.restart();
      await rejection(client.appendToStream('s', event, { expectedRevision, ...classic }));
      await client.appendToStream('s', event, { expectedRevision, ...classic });
      expect(double.stored('s')).to.have.length(3);
    });

  it('remembers the ids of events if the switch says so', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    const event = anEvent();
    double.faults.forgetsIdsAtRestart = false;
    await client.appendToStream('s', event, classic);
    await double.restart();
    await rejection(client.appendToStream('s', event, classic));
    await client.appendToStream('s', event, classic);
    expect(double.stored('s')).to.have.length(1);
  });

  it('still recognises a repetition under an exact revision', async () => {
    await using fixture = await openDouble();
    const { double, client } = fixture;
    const event = anEvent();
    const first = await client.appendToStream('s', event, { expectedRevision: 'no_stream', ...classic });
    await double.restart();
    await rejection(client.appendToStream('s', anEvent(), classic));
    const again = await client.appendToStream('s', event, { expectedRevision: 'no_stream', ...classic });
    expect(again).to.deep.equal(first);
    expect(double.stored('s')).to.have.length(1);
  });

  for (const [path, options, type] of [
    ['batch', {}, 'unknown'],
    ['classic', classic, 'unavailable'],
  ] as const)
    it(`answers waiting ${path} appends with "not ready" if the switch says so`, async () => {
      await using fixture = await openDouble();
      const { double, client } = fixture;
      double.gates.commits.close();
      const waiting = rejection(client.appendToStream('s', anEvent(), options));
      await double.gates.commits.arrived(1);
      await double.terminate();
      expect(await waiting).to.have.property('type', type);
      expect(double.stored()).to.have.length(0);
    });
});

describe('A cluster of doubles', () => {
  it('is found by gossip, and its followers take appends that do not require the leader', async () => {
    const [leader, ...followers] = await startCluster(3);
    const client = EventStoreDBClient.connectionString(
      `${leader.clusterConnectionString}&nodePreference=follower`,
    );
    await client.appendToStream('s', anEvent(), classic);
    expect(await rejection(client.appendToStream('s', anEvent(), { ...classic, requiresLeader: true })))
      .to.have.property('leader')
      .that.deep.equals({ address: leader.endpoint.host, port: leader.port });
    await client.appendToStream('s', anEvent(), { ...classic, requiresLeader: true });
    expect(leader.stored('s')).to.have.length(2);
    await client.dispose();
    await Promise.all([leader, ...followers].map((double) => double.close()));
  });

  it('goes on under a new leader, and still knows the ids', async () => {
    const [leader, follower, other] = await startCluster(3);
    const client = EventStoreDBClient.connectionString(leader.clusterConnectionString);
    const event = anEvent();
    await client.appendToStream('s', event, classic);
    await leader.kill();
    await rejection(client.appendToStream('s', event, classic));
    follower?.promote();
    await client.appendToStream('s', event, { ...classic, requiresLeader: true });
    expect(follower?.stored('s')).to.have.length(1);
    await client.dispose();
    for (const double of [leader, follower, other]) await double?.close();
  });
});
