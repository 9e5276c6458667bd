import { expect } from 'chai';
import {
  createActions,
  isActionsError,
  memoryEventStore,
  type AppendOptions,
  type EventStore,
} from '../../src/index.js';
import { checkedStore } from '../../src/events/contract/checkedStore.js';
import { readAggregate } from '../../src/commands/readAggregate.js';
import { closeAfterTest } from '../support/closings.js';
import { manualClock } from '../support/manualClock.js';
import { rejection } from '../support/openActions.js';
import { recorded } from './recorded.js';

const broken = (): never => {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a store of a user may do
  throw 'broken';
};
const events = (...given: readonly unknown[]) =>
  async function* () {
    await Promise.resolve();
    yield* given;
  };

/** Values that break the contract when a member returns or throws them, by member. */
const breaches: Readonly<
  Record<'append' | 'readStream' | 'subscribe' | 'head', Readonly<Record<string, unknown>>>
> = {
  append: {
    'returns undefined': () => undefined,
    'resolves to null': () => Promise.resolve(null),
    'resolves to a version that is a number': () => Promise.resolve({ version: 0, position: 1n }),
    'resolves to no version': () => Promise.resolve({}),
    'resolves to a position that is text': () => Promise.resolve({ version: 0n, position: '1' }),
    'throws text': broken,
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what a store of a user may do
    'rejects with undefined': () => Promise.reject(undefined),
  },
  readStream: {
    'returns undefined': () => undefined,
    'returns an array': () => [],
    'returns a promise': () => Promise.resolve([]),
    'has an iterator without next': () => ({ [Symbol.asyncIterator]: () => ({}) }),
    'has an iterator that gives undefined': () => ({
      [Symbol.asyncIterator]: () => ({ next: () => undefined }),
    }),
    'throws text': broken,
    'throws text at the first event': () => ({ [Symbol.asyncIterator]: () => ({ next: broken }) }),
    'gives null': events(null),
    'gives an event without a version': events(recorded({ version: undefined })),
    'gives a version that is a number': events(recorded({ version: 0 })),
    'gives a position that is text': events(recorded({ position: '1' })),
    'gives no type': events(recorded({ type: undefined })),
    'gives a date that is text': events(recorded({ created: '2024-01-01T00:00:00Z' })),
    'gives a date that is none': events(recorded({ created: new Date(NaN) })),
    'gives one version twice': events(recorded(), recorded()),
    'gives versions that fall': events(recorded({ version: 2n }), recorded({ version: 1n })),
    async *'gives one event without end'() {
      for (;;) {
        await Promise.resolve();
        yield recorded();
      }
    },
  },
  subscribe: {
    'returns undefined': () => undefined,
    'throws text': broken,
    'gives null': events(null),
    'gives a message of no kind': events({}),
    'gives an event with a position that is a number': events(recorded({ position: 1 })),
    'gives a checkpoint that is text': events({ checkpoint: '1' }),
    'gives a position that is a number': events({ caughtUp: true, position: 1 }),
  },
  head: {
    'returns undefined': () => undefined,
    'resolves to a number': () => Promise.resolve(1),
    'throws text': broken,
  },
};

/** A store of a user, checked, with some members of its own. */
const checkedWith = (members: object): EventStore =>
  checkedStore<EventStore>({ ...memoryEventStore(), ...members });

const target = { name: 'policy', type: 'webhook', endpoint: 'https://policy.example/' } as const;

async function opened(member: string, breach: unknown) {
  const eventStore = { ...memoryEventStore(), [member]: breach } as unknown as EventStore;
  const actions = await createActions({ eventStore, keyring: 'plaintext' });
  closeAfterTest(() => actions.close());
  return actions;
}

const expectBreach = (error: unknown, member: string) => {
  expect(isActionsError(error, 'EVENT_STORE_CONTRACT'), String(error)).to.equal(true);
  expect(error).to.include({ member, status: 500 });
  expect(error).to.have.property('detail').that.includes(`${member} of the event store breaks its contract`);
  expect((error as Error).message).not.to.include(member);
};

describe('an event store whose', () => {
  for (const [member, each] of Object.entries(breaches))
    for (const [what, breach] of Object.entries(each))
      it(`${member} ${what} gets a typed error, from the first call that needs it`, async () => {
        const isRead = member === 'subscribe' || member === 'head';
        const asked = isRead
          ? opened(member, breach)
          : opened(member, breach).then((actions) => actions.targets.add(target));
        expectBreach(await rejection(asked), member);
      });

  it('firstVersion is a number is refused, when it is opened and when it is intercepted', async () => {
    expectBreach(await rejection(opened('firstVersion', 0)), 'firstVersion');
    const actions = await createActions({ eventStore: memoryEventStore(), keyring: 'plaintext' });
    closeAfterTest(() => actions.close());
    const store = { ...memoryEventStore(), firstVersion: 0 } as unknown as EventStore;
    expect(() => actions.intercept(store))
      .to.throw()
      .with.property('member', 'firstVersion');
  });

  it('append breaks the contract makes the outcome of that append unknown', async () => {
    const actions = await opened('append', () => Promise.resolve(undefined));
    const error = await rejection(actions.targets.add(target));
    expect(error).to.have.property('detail').that.includes('it is unknown whether it wrote');
  });

  it('append returns the version from before the append gets a typed error', async () => {
    const store = checkedWith({ append: () => Promise.resolve({ version: 3n }) });
    expectBreach(
      await rejection(store.append('s', [{ type: 't', data: {} }], { expectedVersion: 3n })),
      'append',
    );
  });

  it('errors are its own passes them on unchanged, and reasons of signals too', async () => {
    const own = new RangeError('own');
    const reason = 'left';
    const store = checkedWith({
      append: (_stream: string, _events: unknown, options?: AppendOptions) =>
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- the reason of a signal is any value
        options?.signal ? Promise.reject(reason) : Promise.reject(own),
    });
    expect(await rejection(store.append('s', []))).to.equal(own);
    const signal = AbortSignal.abort(reason);
    expect(await rejection(store.append('s', [], { signal }))).to.equal(reason);
  });

  it('reads return more events than asked for, or events of another stream, gets a typed error', async () => {
    const three = [0n, 1n, 2n].map((version) => recorded({ version }));
    const forwards = checkedWith({ readStream: events(...three) });
    const backwards = checkedWith({
      readStream: events(...three.toReversed()),
    });
    const all = async (read: AsyncIterable<unknown>) => {
      let count = 0;
      for await (const _event of read) count++;
      return count;
    };
    expect(await all(forwards.readStream('s', { limit: 3, from: 0n }))).to.equal(3);
    expect(await all(backwards.readStream('s', { direction: 'backwards', from: 2n }))).to.equal(3);
    expectBreach(await rejection(all(forwards.readStream('s', { limit: 2 }))), 'readStream');
    expectBreach(await rejection(all(forwards.readStream('s', { from: 1n }))), 'readStream');
    expectBreach(await rejection(all(backwards.readStream('s', {}))), 'readStream');
    expectBreach(
      await rejection(all(backwards.readStream('s', { direction: 'backwards', from: 1n }))),
      'readStream',
    );
  });

  it('answers are checked is the same object each time, also where it is checked twice', () => {
    const store = memoryEventStore();
    const checked = checkedStore(store);
    expect(checkedStore(store)).to.equal(checked);
    expect(checkedStore(checked)).to.equal(checked);
  });

  it('iterator breaks its contract is closed', async () => {
    let closed = 0;
    const iterator = {
      next: () => Promise.resolve({ done: false, value: null }),
      return: () => {
        closed++;
        return undefined;
      },
    };
    const store = checkedWith({
      readStream: () => ({ [Symbol.asyncIterator]: () => iterator }),
    });
    const read = async () => {
      for await (const _event of store.readStream('s')) return;
    };
    expectBreach(await rejection(read()), 'readStream');
    expect(closed).to.equal(1);
  });

  it('read never ends fails a command in time', async () => {
    const clock = manualClock();
    const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) };
    const store = checkedWith({ readStream: () => never });
    const failure = rejection(readAggregate('s', { store, clock, patienceMs: 30_000 }));
    clock.advance(30_000);
    expect(await failure).to.include({ code: 'EVENT_STORE_UNAVAILABLE' });
  });
});
