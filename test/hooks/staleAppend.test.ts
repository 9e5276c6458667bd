import { expect } from 'chai';
import { ConcurrencyConflictError, memoryEventStore, StreamDeletedError } from '../../src/index.js';
import type { EventStore, RecordedEvent } from '../../src/index.js';
import { localStoreKinds, openActions, rejection } from '../support/openActions.js';

const ids = [
  '11111111-1111-4111-8111-111111111111',
  '22222222-2222-4222-8222-222222222222',
  '33333333-3333-4333-8333-333333333333',
];
const events = ids.map((id, place) => ({ id, type: 'thing.done', data: { place } }));
const other = { type: 'thing.done', data: {} };

for (const storeKind of localStoreKinds)
  describe(`an append with a stale expectation (${storeKind})`, () => {
    const open = async () => {
      const opened = await openActions({ storeKind });
      const [target] = await opened.call({ event: { all: true } }, { interruptOnError: true });
      return { ...opened, calls: () => target?.server.received.length };
    };

    it('is refused before a target is called, with the given expectation', async () => {
      const { guarded, store, calls } = await open();
      await store.append('thing-1', [other, other, other]);
      for (const [expectedVersion, message] of [
        [0n, 'was expected at 0 but is at 2'],
        [1n, 'was expected at 1 but is at 2'],
        ['no-stream', 'was expected at no-stream but is at 2'],
      ] as const) {
        const error = await rejection(guarded.append('thing-1', [other], { expectedVersion }));
        if (!(error instanceof ConcurrencyConflictError)) throw error;
        expect(error).to.deep.include({ stream: 'thing-1', expectedVersion, actualVersion: 2n });
        expect(error.detail).to.contain(message);
        const bare = await rejection(store.append('thing-1', [other], { expectedVersion }));
        expect(error.message).to.equal((bare as Error).message);
      }
      expect(calls()).to.equal(0);
    });

    it('calls no target where its ids are stored already, and the store repeats its answer', async () => {
      const { guarded, read, calls } = await open();
      const first = await guarded.append('thing-1', events, { expectedVersion: 'no-stream' });
      await guarded.append('thing-1', [other], { expectedVersion: 2n });
      expect(calls()).to.equal(4);

      expect(await guarded.append('thing-1', events, { expectedVersion: 'no-stream' })).to.deep.equal(first);
      expect(await guarded.append('thing-1', events.slice(1), { expectedVersion: 0n })).to.deep.equal(first);
      const prefix = await guarded.append('thing-1', events.slice(0, 2), { expectedVersion: 'no-stream' });
      expect(prefix.version).to.equal(1n);
      expect(calls()).to.equal(4);
      expect(await read('thing-1')).to.have.length(4);
    });

    it('is refused where only its first ids are stored, or the ids stand in another order', async () => {
      const { guarded, store, calls } = await open();
      await store.append('thing-1', events.slice(0, 2), { expectedVersion: 'no-stream' });
      for (const late of [events, events.slice(1), [...events.slice(0, 2)].reverse()]) {
        const error = await rejection(guarded.append('thing-1', late, { expectedVersion: 'no-stream' }));
        expect(error).to.be.instanceOf(ConcurrencyConflictError);
      }
      expect(calls()).to.equal(0);
    });

    it('calls targets where the expectation holds or is not exact, and the store decides', async () => {
      const { guarded, store, read, calls } = await open();
      await store.append('thing-1', [other]);
      await guarded.append('thing-1', [other], { expectedVersion: 0n });
      await guarded.append('thing-1', [other], { expectedVersion: 'any' });
      await guarded.append('thing-1', [other], { expectedVersion: 'stream-exists' });
      await guarded.append('thing-2', [other], { expectedVersion: 'no-stream' });
      expect(calls()).to.equal(4);

      const ahead = await rejection(guarded.append('thing-1', [other], { expectedVersion: 9n }));
      expect(ahead).to.include({ code: 'CONCURRENCY_CONFLICT', expectedVersion: 9n });
      const missing = await rejection(
        guarded.append('thing-9', [other], { expectedVersion: 'stream-exists' }),
      );
      expect(missing).to.include({ code: 'CONCURRENCY_CONFLICT', expectedVersion: 'stream-exists' });
      expect(calls()).to.equal(6);
      expect(await read('thing-1')).to.have.length(4);
    });

    it('fails on a conflict with an append made while its targets were called', async () => {
      const { actions, guarded, store, read, serve } = await open();
      const server = await serve(async () => {
        await store.append('thing-1', [other]);
        return {};
      });
      const { id } = await actions.targets.add({ name: 'slow', type: 'webhook', endpoint: server.url() });
      await actions.executions.set({ event: { event: 'thing.done' } }, [id]);
      const error = await rejection(guarded.append('thing-1', [other], { expectedVersion: 'no-stream' }));
      expect(error).to.include({
        code: 'CONCURRENCY_CONFLICT',
        expectedVersion: 'no-stream',
        actualVersion: 0n,
      });
      expect(await read('thing-1')).to.have.length(1);
    });
  });

describe('the check before an append', () => {
  /** A store whose reads of one stream are replaced. */
  async function openOver(readStream: EventStore['readStream'], counts = true) {
    const memory = memoryEventStore();
    const { actions, call } = await openActions();
    const [target] = await call({ event: { all: true } }, {});
    let appends = 0;
    const { firstVersion, ...uncounted } = memory;
    const guarded = actions.intercept<EventStore>({
      ...uncounted,
      ...(counts && { firstVersion }),
      readStream,
      append: (...parameters) => {
        appends += 1;
        return memory.append(...parameters);
      },
    });
    return { guarded, memory, calls: () => target?.server.received.length, appends: () => appends };
  }
  const recorded = (version: bigint): RecordedEvent => ({
    stream: 'thing-1',
    id: ids[Number(version) % ids.length] ?? '',
    type: 'thing.done',
    data: {},
    metadata: {},
    version,
    position: version,
    created: new Date(0),
  });

  it('refuses with the error of a tombstoned stream', async () => {
    const { guarded, calls } = await openOver(() => {
      throw new StreamDeletedError('thing-1');
    });
    const error = await rejection(guarded.append('thing-1', events, { expectedVersion: 3n }));
    expect(error).to.be.instanceOf(StreamDeletedError).and.include({ stream: 'thing-1', status: 410 });
    expect(calls()).to.equal(0);
  });

  it('does not judge where the read fails', async () => {
    const { guarded, memory, calls } = await openOver(() => {
      throw new Error('the disk is busy');
    });
    await guarded.append('thing-1', events, { expectedVersion: 'no-stream' });
    expect(calls()).to.equal(3);
    expect(await memory.head()).to.equal(3n);
  });

  it('does not judge where the events after the expectation are not all there', async () => {
    const { guarded, calls } = await openOver(async function* (_stream, options) {
      // Truncated before version 7: the events before it can no longer be compared.
      yield await Promise.resolve(recorded(options?.direction === 'backwards' ? 9n : 7n));
    });
    const error = await rejection(guarded.append('thing-1', events, { expectedVersion: 3n }));
    expect(error).to.include({ code: 'CONCURRENCY_CONFLICT', actualVersion: 'no-stream' });
    expect(calls()).to.equal(3);
  });

  it('does not judge where a stream whose first version is unknown has nothing to read forwards', async () => {
    const { guarded, calls } = await openOver(async function* (_stream, options) {
      if (options?.direction === 'backwards') yield await Promise.resolve(recorded(9n));
    }, false);
    await guarded.append('thing-1', events, { expectedVersion: 'no-stream' });
    expect(calls()).to.equal(3);
  });

  it('refuses a stale append itself, and never passes it on', async () => {
    const { guarded, calls, appends } = await openOver(async function* (_stream, options) {
      const { direction, from = 0n, limit = 1 } = options ?? {};
      if (direction === 'backwards') yield await Promise.resolve(recorded(1n));
      else
        for (let version = from; version <= 1n && version < from + BigInt(limit); version++)
          yield recorded(version);
    });
    for (const late of [events, [other]]) {
      const error = await rejection(guarded.append('thing-1', late, { expectedVersion: 'no-stream' }));
      expect(error).to.include({ code: 'CONCURRENCY_CONFLICT', actualVersion: 1n });
    }
    expect([calls(), appends()]).to.deep.equal([0, 0]);
    await guarded.append('thing-1', events.slice(0, 2), { expectedVersion: 'no-stream' });
    expect([calls(), appends()]).to.deep.equal([0, 1]);
  });

  it('is skipped for a store that is not local', async () => {
    let reads = 0;
    const { readStream, subscribe, append } = memoryEventStore();
    const { actions, call } = await openActions();
    const [target] = await call({ event: { all: true } }, {});
    const guarded = actions.intercept<EventStore>({
      append,
      subscribe,
      readStream: (...parameters) => {
        reads += 1;
        return readStream(...parameters);
      },
    });
    await append('thing-1', [other, other]);
    const error = await rejection(guarded.append('thing-1', [other], { expectedVersion: 0n }));
    expect(error).to.include({ code: 'CONCURRENCY_CONFLICT', expectedVersion: 0n });
    expect([reads, target?.server.received.length]).to.deep.equal([0, 1]);
  });

  it('rejects with the reason of the caller who aborts', async () => {
    const given = new AbortController();
    const { guarded, calls } = await openOver(async function* () {
      yield await new Promise<RecordedEvent>((_, reject) => {
        given.signal.addEventListener('abort', () => {
          reject(new Error('the read was cut'));
        });
        given.abort(new Error('the user left'));
      });
    });
    const { signal } = given;
    const error = await rejection(guarded.append('thing-1', events, { expectedVersion: 3n, signal }));
    expect(error).to.equal(given.signal.reason);
    expect(calls()).to.equal(0);
  });
});
