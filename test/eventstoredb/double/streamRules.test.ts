import {
  binaryEvent,
  jsonEvent,
  type EventStoreDBClient,
  type ReadStreamOptions,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { anEvent, openDouble, rejection } from './doubleFixture.js';

const revisions = async (
  client: EventStoreDBClient,
  stream: string,
  options: ReadStreamOptions = {},
): Promise<number[]> => {
  const read: number[] = [];
  for await (const { link, event } of client.readStream(stream, options))
    read.push(Number((link ?? event)?.revision));
  return read;
};

describe('Streams of the double', () => {
  it('hide events older than their maximum age', async () => {
    let now = 1_000_000;
    await using fixture = await openDouble({ now: () => now });
    const { client } = fixture;
    await client.appendToStream('s', anEvent());
    now += 60_000;
    await client.appendToStream('s', anEvent());
    await client.setStreamMetadata('s', { maxAge: 30 });
    expect(await revisions(client, 's')).to.deep.equal([1]);
    now += 60_000;
    expect(await revisions(client, 's')).to.deep.equal([]);
  });

  it('hide events before their truncation, in both directions', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    await client.appendToStream('s', [anEvent(), anEvent(), anEvent(), anEvent()]);
    await client.setStreamMetadata('s', { truncateBefore: 2 });
    expect(await revisions(client, 's')).to.deep.equal([2, 3]);
    expect(await revisions(client, 's', { direction: 'backwards', fromRevision: 'end' })).to.deep.equal([
      3, 2,
    ]);
  });

  it('keep the rest of their metadata when an append brings the streams back', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    await client.appendToStream('s', anEvent());
    await client.deleteStream('s');
    await client.appendToStream('s', anEvent());
    expect((await client.getStreamMetadata('s')).metadata).to.deep.equal({ truncateBefore: 1 });
    expect(await revisions(client, 's')).to.deep.equal([1]);
  });

  it('cannot get metadata once the streams are tombstoned', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    await client.appendToStream('s', anEvent());
    await client.tombstoneStream('s');
    expect(await rejection(client.setStreamMetadata('s', { maxCount: 1 }))).to.have.property(
      'type',
      'stream-deleted',
    );
  });

  it('resolve links, and give links that lead nowhere without an event', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    await client.appendToStream('s', anEvent(undefined, 'linked'));
    const link = (target: string) => binaryEvent({ type: '$>', data: Buffer.from(target) });
    await client.appendToStream('links', [link('0@s'), link('7@s')]);
    const read: (string | undefined)[] = [];
    for await (const { link: from, event } of client.readStream('links', { resolveLinkTos: true })) {
      expect(from?.type).to.equal('$>');
      read.push(event?.type);
    }
    expect(read).to.deep.equal(['linked', undefined]);
    expect(await revisions(client, 'links')).to.deep.equal([0, 1]);
  });

  it('advance positions by the size of the written events', async () => {
    await using fixture = await openDouble();
    const { client } = fixture;
    const commit = async (size: number): Promise<number> => {
      const event = jsonEvent({ type: 'e', data: { text: 'x'.repeat(size) } });
      return Number((await client.appendToStream('s', event)).position?.commit);
    };
    const [first, second, third] = [await commit(10), await commit(1_000), await commit(10)];
    expect(second - first).to.be.greaterThan(100);
    expect(third - second).to.equal(second - first + 990);
  });
});
