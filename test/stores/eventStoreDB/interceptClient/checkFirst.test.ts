import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { failure } from '../../../eventstoredb/double/trailers.js';
import { rejection } from '../../../support/openActions.js';
import { open, orderPlaced, placed } from './scene.js';
import { conflict, StreamDeletedError, WrongExpectedVersionError, expecting } from '../clientUnderTest.js';

describe('interceptClient with checkFirst', () => {
  const checkFirst = { checkFirst: true } as const;

  it('refuses a stale append before a target is called, as the client would', async () => {
    const { call, client, guardedClient } = await open('', checkFirst);
    const [target] = await call(placed, {});
    await client.appendToStream('order-1', orderPlaced());
    const error = await rejection(
      guardedClient.appendToStream('order-1', orderPlaced(), expecting('no_stream')),
    );
    expect(error).to.be.instanceOf(WrongExpectedVersionError);
    expect(error).to.include({ streamName: 'order-1', ...conflict({ expected: 'no_stream', actual: 0n }) });
    expect(target!.server.received).to.have.length(0);
  });

  it('returns the conflict where the client was built to', async () => {
    const { call, client, guardedClient } = await open('&throwOnAppendFailure=false', checkFirst);
    await call(placed, {});
    await client.appendToStream('order-1', [orderPlaced(), orderPlaced()]);
    const answer = await guardedClient.appendToStream('order-1', orderPlaced(), expecting(0n));
    expect(answer).to.deep.equal({ success: false, nextExpectedRevision: 1n });
  });

  it('refuses for a tombstoned stream as the client would', async () => {
    const { call, client, guardedClient } = await open('', checkFirst);
    const [target] = await call(placed, {});
    await client.appendToStream('order-1', orderPlaced());
    await client.tombstoneStream('order-1');
    const error = await rejection(guardedClient.appendToStream('order-1', orderPlaced(), expecting(0n)));
    expect(error).to.be.instanceOf(StreamDeletedError).and.to.include({ streamName: 'order-1' });
    expect(target!.server.received).to.have.length(0);
  });

  it('lets the store answer a repeat, and calls no target for the repeat', async () => {
    const { call, guardedClient, stored } = await open('', checkFirst);
    const [target] = await call(placed, {});
    const event = orderPlaced();
    await guardedClient.appendToStream('order-1', event, expecting('no_stream'));
    await guardedClient.appendToStream('order-1', event, expecting('no_stream'));
    expect(target!.server.received).to.have.length(1);
    expect(stored('order-1')).to.have.length(1);
  });

  it('judges nothing where the stream cannot be read', async () => {
    const { call, double, client, guardedClient } = await open('', checkFirst);
    const [target] = await call(placed, {});
    await client.appendToStream('order-1', orderPlaced());
    double.faults.nextCalls('read', failure(status.INTERNAL, 'out of order'));
    await rejection(guardedClient.appendToStream('order-1', orderPlaced(), expecting('no_stream')));
    expect(target!.server.received).to.have.length(1);
  });
});
