import { expect } from 'chai';
import type { EventStore, SubscriptionMessage } from '../../src/ports.js';
import { memoryEventStore } from '../../src/stores/memory.js';
import { eventStoreContract } from '../../src/testing/eventStoreContract.js';

type Break = (store: EventStore) => Partial<EventStore>;

async function* changed<T>(items: AsyncIterable<T>, change: (item: T) => readonly T[]): AsyncGenerator<T> {
  for await (const item of items) yield* change(item);
}

const isEvent = (message: SubscriptionMessage) => 'stream' in message;

/** Stores with one fault each, and the rule that has to find it. */
const broken: Readonly<Record<string, readonly [rule: RegExp, breakIt: Break]>> = {
  'forgets ids': [
    /idempotence/,
    (store) => ({
      append: (stream, events, options) =>
        store.append(
          stream,
          events.map(({ type, data }) => ({ type, data })),
          options,
        ),
    }),
  ],
  'checks no expectation': [
    /expected-revision/,
    (store) => ({ append: (stream, events) => store.append(stream, events) }),
  ],
  'loses metadata': [
    /data, the metadata and the time/,
    (store) => ({
      append: (stream, events, options) =>
        store.append(
          stream,
          events.map(({ metadata: _, ...event }) => event),
          options,
        ),
    }),
  ],
  'writes events one by one': [
    /all events or none/,
    (store) => ({
      async append(stream, events, { expectedVersion = 'any' } = {}) {
        let result = await store.append(stream, [], { expectedVersion });
        for (const event of events) result = await store.append(stream, [event]);
        return result;
      },
    }),
  ],
  'writes after an abort': [
    /signal was aborted before/,
    (store) => ({
      append: (stream, events, { expectedVersion = 'any' } = {}) =>
        store.append(stream, events, { expectedVersion }),
    }),
  ],
  'knows no limit': [
    /up to a limit/,
    (store) => ({
      readStream: (stream, { limit: _, ...options } = {}) => store.readStream(stream, options),
    }),
  ],
  'takes from as exclusive': [
    /reads from a version/,
    (store) => ({
      readStream: (stream, options = {}) =>
        changed(store.readStream(stream, options), (event) =>
          event.version === options.from ? [] : [event],
        ),
    }),
  ],
  'takes after as inclusive': [
    /starts after a position/,
    (store) => ({
      subscribe: (options) => store.subscribe({ ...options, after: (options.after ?? 1n) - 1n }),
    }),
  ],
  'delivers every stream': [
    /one of the prefixes/,
    (store) => ({ subscribe: ({ prefixes: _, ...options }) => store.subscribe(options) }),
  ],
  'delivers twice': [
    /one of the prefixes/,
    (store) => ({
      subscribe: (options) =>
        changed(store.subscribe(options), (message) => (isEvent(message) ? [message, message] : [message])),
    }),
  ],
  'never says caughtUp': [
    /catches up, says so/,
    (store) => ({
      subscribe: (options) =>
        changed(store.subscribe(options), (message) => ('caughtUp' in message ? [] : [message])),
    }),
  ],
  'says a position too early': [
    /never reports a position before/,
    (store) => ({
      subscribe: (options) =>
        changed(store.subscribe(options), (message) =>
          isEvent(message) ? [{ checkpoint: message.position }, message] : [message],
        ),
    }),
  ],
  'never lets a follower go': [
    /left at any event/,
    (store) => ({
      subscribe: (options) => ({
        [Symbol.asyncIterator]() {
          const following = store.subscribe(options)[Symbol.asyncIterator]();
          return {
            next: () => following.next(),
            return: () => Promise.resolve({ value: undefined, done: true as const }),
          };
        },
      }),
    }),
  ],
  'throws when it is aborted': [
    /ends without an error/,
    (store) => ({
      async *subscribe(options) {
        yield* store.subscribe(options);
        options.signal.throwIfAborted();
      },
    }),
  ],
};

interface Outcome {
  readonly title: string;
  readonly error: unknown;
}

/** Runs the suite over a store in a runner of its own, and gives the outcome of each test. */
async function runSuite(open: () => EventStore, patienceMs: number): Promise<readonly Outcome[]> {
  const tests: { readonly title: string; readonly test: () => Promise<void> }[] = [];
  eventStoreContract('broken', () => ({ store: open() }), {
    patienceMs,
    runner: {
      describe: (_, define) => {
        define();
      },
      it: (title, test) => tests.push({ title, test }),
    },
  });
  const outcomes: Outcome[] = [];
  for (const { title, test } of tests)
    outcomes.push({
      title,
      error: await test().then(
        () => undefined,
        (error: unknown) => error,
      ),
    });
  return outcomes;
}

describe('the event store contract suite', () => {
  it('passes a correct store in the runner of the caller', async () => {
    const outcomes = await runSuite(() => memoryEventStore(), 10_000);
    expect(outcomes.filter(({ error }) => error !== undefined)).to.deep.equal([]);
    expect(outcomes.length).to.be.above(45);
  });

  for (const [what, [rule, breakIt]] of Object.entries(broken))
    it(`notices a store that ${what}`, async () => {
      const outcomes = await runSuite(() => {
        const store = memoryEventStore();
        return { ...store, ...breakIt(store) };
      }, 150);
      const failed = outcomes.filter(({ error }) => error !== undefined).map(({ title }) => title);
      expect(
        failed.some((title) => rule.test(title)),
        `only: ${failed.join(' | ')}`,
      ).to.equal(true);
    });

  it('names the missing globals where the suite is not called in a test file', () => {
    const { describe: outer } = globalThis;
    try {
      Reflect.deleteProperty(globalThis, 'describe');
      expect(() => {
        eventStoreContract('nowhere', () => ({ store: memoryEventStore() }));
      }).to.throw(/pass them as runner/);
    } finally {
      Object.assign(globalThis, { describe: outer });
    }
  });
});
