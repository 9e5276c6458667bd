import { expect } from 'chai';
import { runInNewContext } from 'node:vm';
import { checkedStore } from '../../src/events/contract/checkedStore.js';
import { eventDeliveryStore, memoryEventStore, type EventStore, type ReadOptions } from '../../src/index.js';
import { durable, openDeliveries } from '../deliveries/openDeliveries.js';
import { closeAfterTest } from '../support/closings.js';
import { rejection } from '../support/openActions.js';
import { recorded } from './recorded.js';

/** A store of a user, checked, with some members of its own. */
const checkedWith = (members: object): EventStore =>
  checkedStore<EventStore>({ ...memoryEventStore(), ...members });

/** A store whose reads give these results of `next`, and record the calls. */
function readWith(...results: readonly unknown[]) {
  const asked = { next: 0, return: 0 };
  const iterator = {
    next: () => Promise.resolve(results[asked.next++] ?? { done: true, value: undefined }),
    return: () => {
      asked.return += 1;
      return Promise.reject(new Error('the end fails too'));
    },
  };
  const store = checkedWith({ readStream: () => ({ [Symbol.asyncIterator]: () => iterator }) });
  return { asked, read: store.readStream('s')[Symbol.asyncIterator]() };
}

describe('a checked store', () => {
  it('keeps the properties of its store, and closes the store', async () => {
    let isClosed = false;
    const given = {
      ...memoryEventStore(),
      local: true as const,
      firstVersion: 1n,
      close() {
        isClosed = this === given;
        return Promise.resolve();
      },
    };
    const store = checkedStore<EventStore>(given);
    expect(store).to.include({ local: true, firstVersion: 1n });
    await store.close?.();
    expect(isClosed).to.equal(true);
  });

  it('has no member that its store lacks', () => {
    const { readStream, subscribe } = memoryEventStore();
    expect(checkedStore({ readStream, subscribe })).to.have.all.keys('readStream', 'subscribe');
  });

  it('passes the options of a read on', () => {
    const asked: unknown[] = [];
    const inner = memoryEventStore();
    const store = checkedWith({
      readStream: (stream: string, options: ReadOptions) => {
        asked.push(stream, options);
        return inner.readStream(stream, options);
      },
    });
    const options: ReadOptions = { from: 1n, limit: 2, direction: 'backwards' };
    void store.readStream('s', options)[Symbol.asyncIterator]().next();
    expect(asked).to.deep.equal(['s', options]);
  });

  it('accepts the version of an unchanged stream from an append of no events', async () => {
    const store = checkedWith({ append: () => Promise.resolve({ version: 3n }) });
    expect(await store.append('s', [], { expectedVersion: 3n })).to.deep.equal({ version: 3n });
  });

  for (const name of ['stream', 'id', 'type', 'version', 'position', 'created'])
    it(`refuses an event without ${name}, in reads and subscriptions`, async () => {
      const wrong = { value: recorded({ [name]: undefined }), done: false };
      const iterable = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve(wrong) }) };
      const store = checkedWith({ readStream: () => iterable, subscribe: () => iterable });
      const { signal } = new AbortController();
      for (const [member, read] of [
        ['readStream', store.readStream('s')],
        ['subscribe', store.subscribe({ signal })],
      ] as const) {
        const error = await rejection(read[Symbol.asyncIterator]().next());
        expect(error).to.include({ code: 'EVENT_STORE_CONTRACT', member });
        expect(error).to.have.property('detail').that.includes(name);
      }
    });

  it('ends a read at the first breach of the contract: it asks for no more, and a failing end is only a warning', async () => {
    const { asked, read } = readWith({ done: false, value: null }, { done: false, value: recorded() });
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    expect(await rejection(read.next())).to.include({ code: 'EVENT_STORE_CONTRACT' });
    expect((await warned).message)
      .to.include('readStream')
      .and.include('the end fails too');
    expect(await read.next()).to.deep.equal({ done: true, value: undefined });
    await read.return?.();
    expect(asked).to.deep.equal({ next: 1, return: 1 });
  });

  it('ends a read at the first error of its store', async () => {
    let asked = 0;
    const next = () => Promise.reject(new RangeError(`${++asked}`));
    const store = checkedWith({ readStream: () => ({ [Symbol.asyncIterator]: () => ({ next }) }) });
    const read = store.readStream('s')[Symbol.asyncIterator]();
    expect(await rejection(read.next())).to.be.instanceOf(RangeError);
    expect(await read.next()).to.deep.equal({ done: true, value: undefined });
    expect(asked).to.equal(1);
  });

  it('tells its store that a reader left, and passes on the error of that call', async () => {
    const { asked, read } = readWith({ done: false, value: recorded() });
    await read.next();
    expect(await rejection(read.return?.() ?? Promise.resolve())).to.have.property(
      'message',
      'the end fails too',
    );
    expect(asked.return).to.equal(1);
  });

  it('passes on an error of another realm, and replaces a thrown value without text', async () => {
    const foreign: unknown = runInNewContext('new TypeError("foreign")');
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const [thrown, isOwn] of [
      [foreign, true],
      [proxy, false],
    ] as const) {
      const store = checkedWith({ append: () => Promise.reject(thrown) });
      const error = await store.append('s', []).catch((caught: unknown) => caught);
      if (isOwn) expect(error === foreign).to.equal(true);
      else expect(error).to.include({ code: 'EVENT_STORE_CONTRACT', member: 'append' });
    }
  });

  it('passes on the reason of a signal that ended a read or a subscription', async () => {
    const signal = AbortSignal.abort('left');
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason of a signal is any value
    const iterable = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject('left') }) };
    const store = checkedWith({ readStream: () => iterable, subscribe: () => iterable });
    for (const read of [store.readStream('s', { signal }), store.subscribe({ signal })])
      expect(await rejection(read[Symbol.asyncIterator]().next())).to.equal('left');
  });

  it('checks the source and the progress of deliveries', async () => {
    const { append, ...inner } = memoryEventStore();
    const broken = { ...inner, append, readStream: () => undefined, subscribe: () => undefined };
    const store = broken as unknown as EventStore;
    const { deliveries, call } = await openDeliveries({ source: store });
    const [endpoint] = await call({ event: { all: true } }, durable);
    const period = { targetID: endpoint?.id ?? '', from: new Date(0), to: new Date() };
    expect(await rejection(deliveries.replay(period))).to.include({ code: 'EVENT_STORE_CONTRACT' });
    const answerless = { ...memoryEventStore(), append: () => Promise.resolve(undefined) };
    const progress = eventDeliveryStore(answerless as unknown as EventStore, { group: 'a' });
    closeAfterTest(() => progress.close());
    const beat = { id: 'a', host: 'a', process: 1, started: '', beat: 1 };
    expect(await rejection(progress.beat(beat))).to.include({ code: 'EVENT_STORE_CONTRACT' });
  });
});
