import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import type { EventData, ExpectedVersion } from '../../../src/ports.js';
import { failure } from '../../eventstoredb/double/trailers.js';
import { failureOf, idsIn, openFixture, placed, streamName } from './fixture.js';
import { connect, jsonEvent, storeOn } from './clientUnderTest.js';

describe('append to EventStoreDB', () => {
  describe('says for certain that nothing was written', () => {
    it('on a conflict, with the expectation of the append', async () => {
      await using open = await openFixture();
      const stream = streamName();
      await open.store.append(stream, [placed()]);
      for (const expectedVersion of ['no-stream', 5n, 2n ** 64n - 1n] as const)
        expect(await failureOf(open.store.append(stream, [placed()], { expectedVersion }))).to.include({
          code: 'CONCURRENCY_CONFLICT',
          stream,
          expectedVersion,
          actualVersion: 0n,
        });
      const missing = open.store.append(streamName(), [placed()], { expectedVersion: 'stream-exists' });
      expect(await failureOf(missing)).to.include({
        expectedVersion: 'stream-exists',
        actualVersion: 'no-stream',
      });
    });

    it('on a conflict that the client returns instead of throwing an error', async () => {
      await using open = await openFixture();
      const client = connect(`${open.double.connectionString}&throwOnAppendFailure=false`);
      const store = storeOn(client);
      const stream = streamName();
      await store.append(stream, [placed(), placed()]);
      const error = await failureOf(store.append(stream, [placed()], { expectedVersion: 'no-stream' }));
      // The client reports 1 for any actual version of the stream.
      expect(error).to.include({
        code: 'CONCURRENCY_CONFLICT',
        expectedVersion: 'no-stream',
        actualVersion: undefined,
      });
      await client.dispose();
    });

    it('on a tombstoned stream', async () => {
      await using open = await openFixture();
      const stream = streamName();
      await open.store.append(stream, [placed()]);
      await open.client.tombstoneStream(stream);
      expect(await failureOf(open.store.append(stream, [placed()]))).to.include({
        code: 'STREAM_DELETED',
        stream,
      });
    });

    it('on an append that is too large, from the server or before it is sent', async () => {
      await using open = await openFixture({ double: { maxAppendSize: 1_000 } });
      const large = (characters: number): EventData[] => [{ type: 'note', data: 'x'.repeat(characters) }];
      const stream = streamName();
      expect(await failureOf(open.store.append(stream, large(2_000)))).to.include({
        code: 'APPEND_TOO_LARGE',
        stream,
        maximumBytes: 1_000,
      });
      expect(await failureOf(open.store.append(stream, large(17 * 1024 * 1024)))).to.include({
        code: 'APPEND_TOO_LARGE',
        maximumBytes: 16 * 1024 * 1024,
      });
    });

    it('when the user may not append', async () => {
      await using open = await openFixture();
      open.double.faults.denied.appends = true;
      expect(await failureOf(open.store.append(streamName(), [placed()]))).to.include({
        code: 'EVENT_STORE_ACCESS_DENIED',
      });
    });

    it('when the user is unknown, which closes the stream before its first answer', async () => {
      await using open = await openFixture();
      open.double.gates.commits.close();
      const append = failureOf(open.store.append(streamName(), [placed()], { expectedVersion: 'no-stream' }));
      await open.double.gates.commits.arrived(1);
      open.double.dropBatchStreams(failure(status.UNAUTHENTICATED, 'Unauthenticated'));
      expect(await append).to.include({ code: 'EVENT_STORE_ACCESS_DENIED' });
    });
  });

  describe('says that the outcome is unknown', () => {
    const faults = {
      'the connection was reset before the commit': { commit: false, then: 'reset' },
      'the connection was reset after the commit': { commit: true, then: 'reset' },
      'the server was killed before the commit': { commit: false, then: 'restart' },
      'the server was killed after the commit': { commit: true, then: 'restart' },
      'the server answered with a timeout': { commit: true, then: 'timeout' },
      'the server was not ready': { commit: false, then: 'not-ready' },
      'the server ended the stream': { commit: true, then: 'end' },
    } as const;
    for (const [what, fault] of Object.entries(faults))
      it(`when ${what}; an exact repeat is written once`, async () => {
        await using open = await openFixture();
        const { store, double } = open;
        const stream = streamName();
        await store.append(stream, [placed()]);
        const events = [placed(), placed()];
        double.faults.nextAppends(fault);
        const first = await failureOf(store.append(stream, events, { expectedVersion: 0n }));
        expect(first).to.deep.include({
          code: 'OUTCOME_UNKNOWN',
          stream,
          expectedVersion: 0n,
          eventIDs: events.map(({ id }) => id),
        });
        let answer;
        for (let attempt = 0; answer === undefined && attempt < 50; attempt += 1)
          answer = await store.append(stream, events, { expectedVersion: 0n }).catch(() => undefined);
        expect(answer?.version).to.equal(2n);
        expect((await idsIn(store.readStream(stream))).slice(1)).to.deep.equal(events.map(({ id }) => id));
      });

    it('while the server is down, by the raw error of the first append as well', async () => {
      await using open = await openFixture();
      await open.double.kill();
      const error = await failureOf(
        open.store.append(streamName(), [placed()], { expectedVersion: 'no-stream' }),
      );
      expect(error).to.include({ code: 'OUTCOME_UNKNOWN' });
      expect(error.cause).to.include({ code: 14 });
      await open.double.start();
      expect((await open.store.append(streamName(), [placed()])).version).to.equal(0n);
    });

    it('when the node is no longer the leader, and reaches the new leader at the next try', async () => {
      await using open = await openFixture();
      await using leader = await openFixture({ double: { join: open.double } });
      leader.double.promote();
      open.double.faults.notLeader = { ...leader.double.endpoint, always: true };
      const stream = streamName();
      const append = () => open.store.append(stream, [placed()], { expectedVersion: 'no-stream' });
      expect(await failureOf(append())).to.include({ code: 'OUTCOME_UNKNOWN' });
      expect((await append()).version).to.equal(0n);
    });
  });

  describe('without an exact expectation', () => {
    const inexact: readonly ExpectedVersion[] = ['any', 'stream-exists'];
    for (const expectedVersion of inexact) {
      it(`(${expectedVersion}) finds the written events, and does not repeat the append`, async () => {
        await using open = await openFixture();
        const { store, double } = open;
        const stream = streamName();
        await store.append(stream, [placed()]);
        const events = [placed(), placed()];
        double.faults.nextAppends({ commit: true, then: 'reset' });
        const result = await store.append(stream, events, { expectedVersion });
        const written = double.stored().filter((event) => event.stream === stream);
        expect(written.map(({ id }) => id).slice(1)).to.deep.equal(events.map(({ id }) => id));
        expect(result).to.deep.equal({ version: 2n, position: BigInt(written.at(-1)?.position ?? 0) });
      });

      it(`(${expectedVersion}) has an unknown outcome where the events are not found, and is not repeated`, async () => {
        await using open = await openFixture();
        const { store, double } = open;
        const stream = streamName();
        await store.append(stream, [placed()]);
        double.faults.nextAppends({ commit: false, then: 'reset' });
        expect(await failureOf(store.append(stream, [placed()], { expectedVersion }))).to.include({
          code: 'OUTCOME_UNKNOWN',
          expectedVersion,
        });
        expect(double.stored()).to.have.length(1);
      });
    }

    it('is unknown where the stream cannot be read either', async () => {
      await using open = await openFixture();
      const stream = streamName();
      await open.store.append(stream, [placed()]);
      open.double.faults.nextAppends({ commit: true, then: 'reset' });
      open.double.faults.nextCalls('read', failure(status.INTERNAL, 'out of order'));
      expect(await failureOf(open.store.append(stream, [placed()]))).to.include({ code: 'OUTCOME_UNKNOWN' });
    });

    it('is written a second time by a repeat after a restart, which is why nothing here repeats an append', async () => {
      await using open = await openFixture();
      const stream = streamName();
      const event = jsonEvent({ id: randomUUID(), type: 'order.placed', data: {} });
      await open.client.appendToStream(stream, event);
      await open.double.restart();
      await open.client.appendToStream(stream, event).catch(() => open.client.appendToStream(stream, event));
      expect(await idsIn(open.store.readStream(stream))).to.deep.equal([event.id, event.id]);
    });
  });

  it('has written nothing when it is empty and gets no answer', async () => {
    await using open = await openFixture();
    open.double.faults.nextAppends({ commit: false, then: 'reset' });
    expect(await failureOf(open.store.append(streamName(), []))).to.include({
      code: 'EVENT_STORE_UNAVAILABLE',
    });
  });

  it('stops waiting when its signal aborts, with the reason of the signal', async () => {
    await using open = await openFixture();
    open.double.gates.commits.close();
    const controller = new AbortController();
    const append = failureOf(open.store.append(streamName(), [placed()], { signal: controller.signal }));
    await open.double.gates.commits.arrived(1);
    controller.abort(new Error('enough'));
    expect((await append).message).to.equal('enough');
    open.double.gates.commits.open();
  });

  it('is refused once the store is closed', async () => {
    await using open = await openFixture();
    await open.store.close();
    expect(await failureOf(open.store.append(streamName(), [placed()]))).to.include({
      code: 'EVENT_STORE_UNAVAILABLE',
    });
  });
});
