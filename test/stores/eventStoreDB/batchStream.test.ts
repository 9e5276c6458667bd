import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { isActionsError } from '../../../src/errors.js';
import { batchGuardOf } from '../../../src/stores/grpcClient/appending/batchGuard.js';
import { isBatchStream, openStreamsOf } from '../../../src/stores/grpcClient/client/clientInternals.js';
import { failure } from '../../eventstoredb/double/trailers.js';
import { failureOf, idsIn, openFixture, placed, settles, streamName } from './fixture.js';
import { manualClock } from '../../support/manualClock.js';
import { isKurrentDB, jsonEvent, storeOn } from './clientUnderTest.js';
import { until } from '../../support/conditions.js';

const exact = { expectedVersion: 'no-stream' } as const;
const bare = (client: { appendToStream: (...args: never[]) => Promise<unknown> }, stream: string) =>
  (client.appendToStream as (stream: string, event: unknown) => Promise<unknown>)(
    stream,
    jsonEvent({ type: 'order.placed', data: {} }),
  );

describe('an append over the batch stream', () => {
  it('that is never answered is given up after 22 s, and the next append is answered', async () => {
    const clock = manualClock();
    await using open = await openFixture({ clock });
    const { double, store, client } = open;
    await store.append(streamName(), [placed()], exact);
    double.faults.nextAppends({ commit: true, then: 'silence' });
    const stream = streamName();
    const event = placed();
    const append = failureOf(store.append(stream, [event], exact));
    await clock.started(1);
    clock.advance(21_999);
    expect(await settles(append, 50), 'before its time').to.equal(false);
    clock.advance(1);
    const error = await append;
    expect(error).to.include({ code: 'OUTCOME_UNKNOWN', stream, expectedVersion: 'no-stream' });
    expect(error).to.have.deep.property('eventIDs', [event.id]);
    const repeated = await store.append(stream, [event], exact);
    expect(repeated.version).to.equal(0n);
    expect(await idsIn(store.readStream(stream))).to.deep.equal([event.id]);
    expect(await settles(client.dispose())).to.equal(true);
  });

  it('waits for its own deadline where the deadline is longer', async () => {
    const clock = manualClock();
    await using open = await openFixture({ clock, deadlineMs: 60_000 });
    open.double.faults.nextAppends({ commit: false, then: 'silence' });
    const append = failureOf(open.store.append(streamName(), [placed()], exact));
    await clock.started(1);
    clock.advance(61_999);
    expect(await settles(append, 50)).to.equal(false);
    clock.advance(1);
    expect(isActionsError(await append, 'OUTCOME_UNKNOWN')).to.equal(true);
  });

  it('is given up alone where others have been answered since', async () => {
    const clock = manualClock();
    await using open = await openFixture({ clock });
    const { double, store } = open;
    await store.append(streamName(), [placed()], exact);
    double.faults.nextAppends({ commit: false, then: 'silence' });
    const lost = failureOf(store.append(streamName(), [placed()], exact));
    await clock.started(1);
    clock.advance(10_000);
    await store.append(streamName(), [placed()], exact);
    double.gates.acknowledgements.close();
    const slow = store.append(streamName(), [placed()], exact);
    await double.gates.acknowledgements.arrived(1);
    clock.advance(12_000);
    expect(isActionsError(await lost, 'OUTCOME_UNKNOWN')).to.equal(true);
    double.gates.acknowledgements.open();
    expect((await slow).version).to.equal(0n);
    expect(double.openCalls('batch')).to.equal(1);
  });

  it('fails at once where the server ends the stream gracefully; append and dispose go on', async () => {
    await using open = await openFixture();
    const { double, store, client } = open;
    double.gates.commits.close();
    const append = failureOf(store.append(streamName(), [placed()], exact));
    await double.gates.commits.arrived(1);
    double.dropBatchStreams('end');
    expect(isActionsError(await append, 'OUTCOME_UNKNOWN')).to.equal(true);
    double.gates.commits.open();
    expect((await store.append(streamName(), [placed()], exact)).version).to.equal(0n);
    expect(await settles(client.dispose())).to.equal(true);
  });

  it('shows that the bare client waits forever after a graceful end', async () => {
    await using open = await openFixture();
    const { double } = open;
    const client = open.anotherClient();
    await bare(client, streamName());
    double.dropBatchStreams('end');
    const append = bare(client, streamName());
    expect(await settles(append, 500)).to.equal(false);
    // The guard of the store repairs the client for all its users, here before the end of the test.
    batchGuardOf(client, manualClock());
    for (const stream of (client as unknown as { disposableStreams: Set<{ end(): void }> }).disposableStreams)
      stream.end();
  });

  it(`${isKurrentDB ? 'goes on' : 'is unknown'} where the stream of another client of the process failed`, async () => {
    await using open = await openFixture();
    const { double, store } = open;
    const stream = streamName();
    const event = placed();
    double.gates.acknowledgements.close((name) => name === stream);
    const append = store.append(stream, [event], exact);
    const failed = isKurrentDB ? undefined : failureOf(append);
    await double.gates.acknowledgements.arrived(1);
    await using other = await openFixture();
    await other.store.append(streamName(), [placed()], exact);
    other.double.dropBatchStreams(
      failure(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' }),
    );
    // The append is written, but the client of EventStoreDB rejects it with the error of another append.
    if (failed) expect(isActionsError(await failed, 'OUTCOME_UNKNOWN')).to.equal(true);
    double.gates.acknowledgements.open();
    expect((await store.append(stream, [event], exact)).version).to.equal(0n);
    expect(await idsIn(store.readStream(stream))).to.deep.equal([event.id]);
    if (isKurrentDB) expect((await append).version).to.equal(0n);
    expect(batchGuardOf(open.client, manualClock()).lateReplies).to.equal(isKurrentDB ? 0 : 1);
  });

  it('is refused for a negative revision, while other waiting appends go on', async () => {
    await using open = await openFixture();
    const { double, store } = open;
    double.gates.acknowledgements.close();
    const waiting = store.append(streamName(), [placed()], exact);
    await double.gates.acknowledgements.arrived(1);
    const error = await failureOf(store.append(streamName(), [placed()], { expectedVersion: -1n }));
    expect(isActionsError(error, 'INVALID_ARGUMENT')).to.equal(true);
    double.gates.acknowledgements.open();
    expect((await waiting).version).to.equal(0n);
  });

  it('works again after the look-up of the server features failed once', async () => {
    await using open = await openFixture();
    const { double, store } = open;
    double.faults.nextCalls('features', failure(status.UNKNOWN, 'out of order'));
    expect(
      isActionsError(await failureOf(store.append(streamName(), [placed()], exact)), 'OUTCOME_UNKNOWN'),
    ).to.equal(true);
    expect((await store.append(streamName(), [placed()], exact)).version).to.equal(0n);
  });

  it('shows that the bare client never reads the server features again', async () => {
    await using open = await openFixture();
    const { double } = open;
    const client = open.anotherClient();
    double.faults.nextCalls('features', failure(status.UNKNOWN, 'out of order'));
    await failureOf(bare(client, streamName()));
    expect((await failureOf(bare(client, streamName()))).message).to.contain('out of order');
  });

  it('works again after the look-up of the server features was never answered', async () => {
    const clock = manualClock();
    await using open = await openFixture({ clock });
    const { double, store } = open;
    double.faults.silent.add('features');
    const append = failureOf(store.append(streamName(), [placed()], exact));
    await clock.started(1);
    // Long enough for the look-up to arrive, which the double does not answer.
    await new Promise((resolve) => setTimeout(resolve, 100));
    clock.advance(22_000);
    expect(isActionsError(await append, 'OUTCOME_UNKNOWN')).to.equal(true);
    double.faults.silent.clear();
    expect(await settles(store.append(streamName(), [placed()], exact))).to.equal(true);
  });

  it('fails all other appends that wait on the silent stream, and closes the stream', async () => {
    const clock = manualClock();
    await using open = await openFixture({ clock });
    const { double, store } = open;
    double.faults.nextAppends({ commit: false, then: 'silence' }, 2);
    const first = failureOf(store.append(streamName(), [placed()], exact));
    await clock.started(1);
    clock.advance(10_000);
    const second = failureOf(store.append(streamName(), [placed()], exact));
    await until(() => double.faults.queuedAppends === 0);
    clock.advance(12_000);
    expect(isActionsError(await first, 'OUTCOME_UNKNOWN')).to.equal(true);
    expect(await settles(second), 'the other').to.equal(true);
    await until(() => double.openCalls('batch') === 0);
  });

  it('leaves the appends of other clients alone when its client gives the stream up', async () => {
    const clock = manualClock();
    await using open = await openFixture({ clock });
    await using other = await openFixture();
    const { double, store } = open;
    await store.append(streamName(), [placed()], exact);
    other.double.gates.acknowledgements.close();
    const waiting = other.store.append(streamName(), [placed()], exact);
    await other.double.gates.acknowledgements.arrived(1);
    double.faults.nextAppends({ commit: false, then: 'silence' });
    const append = failureOf(store.append(streamName(), [placed()], exact));
    await clock.started(1);
    clock.advance(22_000);
    await append;
    await until(() => double.openCalls('batch') === 0);
    other.double.gates.acknowledgements.open();
    expect((await waiting).version).to.equal(0n);
  });

  it('fails as soon as it writes to a stream that died before', async () => {
    const clock = manualClock();
    await using open = await openFixture({ clock });
    const { client, double, store } = open;
    await store.append(streamName(), [placed()], exact);
    const [stream] = [...openStreamsOf(client)].filter(isBatchStream);
    const died = new Promise((resolve) => stream?.on('error', resolve));
    double.dropBatchStreams('unavailable');
    await died;
    const reasons: string[] = [];
    const pending = batchGuardOf(client, clock).enter(1_000, true, (reason) => reasons.push(reason));
    stream?.write({});
    expect(reasons).to.have.length(1);
    expect(reasons[0]).to.contain('had ended');
    batchGuardOf(client, clock).leave(pending);
    expect(reasons).to.have.length(1);
  });

  it('has one guard a client, however many stores use the client', async () => {
    await using open = await openFixture();
    const { client, double } = open;
    const clock = manualClock();
    expect(batchGuardOf(client, clock)).to.equal(batchGuardOf(client, clock));
    const second = storeOn(client);
    double.faults.nextAppends({ commit: true, then: 'late-answer' });
    expect((await second.append(streamName(), [placed()])).version).to.equal(0n);
  });
});
