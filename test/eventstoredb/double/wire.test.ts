import shared from '@eventstore/db-client/generated/shared_pb.js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { credentials, type ClientDuplexStream } from '@grpc/grpc-js';
import { expect } from 'chai';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamp from 'google-protobuf/google/protobuf/timestamp_pb.js';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import type { EventStoreDouble } from './eventStoreDouble.js';
import { streamIdentifier, uuid } from './recordedEvent.js';
import { startDouble } from './startDouble.js';

type Batch = ClientDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>;

/** A batch stream without the client, which some of the answers would break. */
const openBatch = (double: EventStoreDouble) => {
  const client = new StreamsClient(`${double.endpoint.host}:${double.port}`, credentials.createInsecure());
  const call: Batch = client.batchAppend();
  call.on('error', () => undefined);
  const answers = call[Symbol.asyncIterator]() as AsyncIterator<streams.BatchAppendResp, undefined>;
  return {
    call,
    next: async () => {
      const { value } = await answers.next();
      const typeUrl = value?.getError()?.getDetails()?.getTypeUrl();
      const outcome = value?.hasSuccess() === true ? 'success' : typeUrl?.split('.').at(-1);
      return [value?.getCorrelationId()?.getString(), outcome];
    },
    [Symbol.dispose]: () => {
      call.cancel();
      client.close();
    },
  };
};

const request = (correlation: string, id: string, type: string, deadline = new Date(Date.now() + 60_000)) => {
  const message = new streams.BatchAppendReq.ProposedMessage().setId(uuid(id));
  message.getMetadataMap().set('type', type);
  const options = new streams.BatchAppendReq.Options()
    .setStreamIdentifier(streamIdentifier('s'))
    .setAny(new empty.Empty())
    .setDeadline(timestamp.Timestamp.fromDate(deadline));
  return new streams.BatchAppendReq()
    .setCorrelationId(uuid(correlation))
    .setOptions(options)
    .setProposedMessagesList([message])
    .setIsFinal(true);
};

describe('The double on the wire', () => {
  for (const [what, id, type] of [
    ['an empty event type', randomUUID(), ''],
    ['an event id that is no UUID', 'not-a-uuid', 'happened'],
  ] as const)
    it(`answers ${what} twice for the same correlation id, as the real server does`, async () => {
      await using double = await startDouble({ secondAnswerAfter: 20 });
      using batch = openBatch(double);
      batch.call.write(request('c', id, type));
      expect(await batch.next()).to.deep.equal(['c', 'BadRequest']);
      expect(await batch.next()).to.deep.equal(['c', 'Timeout']);
      expect(double.stored()).to.have.length(0);
    });

  it('answers late with the truth after a timeout, as after a failover', async () => {
    await using double = await startDouble({ secondAnswerAfter: 20 });
    using batch = openBatch(double);
    double.faults.nextAppends({ commit: true, then: 'late-answer' });
    batch.call.write(request('c', randomUUID(), 'happened'));
    expect(await batch.next()).to.deep.equal(['c', 'Timeout']);
    expect(await batch.next()).to.deep.equal(['c', 'success']);
    expect(double.stored()).to.have.length(1);
  });

  it('refuses an append after its deadline', async () => {
    await using double = await startDouble();
    using batch = openBatch(double);
    batch.call.write(request('c', randomUUID(), 'happened', new Date(Date.now() - 1)));
    expect(await batch.next()).to.deep.equal(['c', 'Timeout']);
    expect(double.stored()).to.have.length(0);
  });

  it('puts the chunks of one append together, and keeps the chunks of other appends apart', async () => {
    await using double = await startDouble();
    using batch = openBatch(double);
    const last = request('one', randomUUID(), 'second').setOptions(undefined);
    batch.call.write(request('one', randomUUID(), 'first').setIsFinal(false));
    batch.call.write(request('two', randomUUID(), 'other'));
    batch.call.write(last);
    expect(await batch.next()).to.deep.equal(['two', 'success']);
    expect(await batch.next()).to.deep.equal(['one', 'success']);
    expect(double.stored().map(({ type }) => type)).to.deep.equal(['other', 'first', 'second']);
  });

  it('survives malformed requests', async () => {
    await using double = await startDouble();
    using batch = openBatch(double);
    batch.call.write(new streams.BatchAppendReq());
    batch.call.write(new streams.BatchAppendReq().setCorrelationId(uuid('missing')).setIsFinal(true));
    batch.call.write(new streams.BatchAppendReq().setCorrelationId(new shared.UUID()).setIsFinal(true));
    const socket = connect(double.port, double.endpoint.host);
    socket.on('error', () => undefined);
    socket.end('GET / HTTP/1.1\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    batch.call.write(request('c', randomUUID(), 'happened'));
    expect(await batch.next()).to.deep.equal(['c', 'success']);
  });

  it('answers a read without options, and a read of nothing, with an error', async () => {
    await using double = await startDouble();
    const client = new StreamsClient(`${double.endpoint.host}:${double.port}`, credentials.createInsecure());
    const regex = new streams.ReadReq.Options.FilterOptions()
      .setStreamIdentifier(new streams.ReadReq.Options.FilterOptions.Expression().setRegex('('))
      .setMax(1)
      .setCheckpointintervalmultiplier(1);
    const all = new streams.ReadReq.Options.AllOptions().setStart(new shared.Empty());
    const options = new streams.ReadReq.Options()
      .setAll(all)
      .setFilter(regex)
      .setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
    for (const read of [
      new streams.ReadReq(),
      new streams.ReadReq().setOptions(new streams.ReadReq.Options()),
      new streams.ReadReq().setOptions(options),
    ]) {
      const call = client.read(read);
      call.resume();
      const [error] = (await once(call, 'error')) as [{ readonly code: number }];
      expect(error.code).to.be.oneOf([2, 3]);
    }
    client.close();
  });
});
