import { expect } from 'chai';
import { isActionsError } from '../../src/errors.js';
import type { EventStore, SubscribeOptions, SubscriptionMessage } from '../../src/ports.js';
import { startProjection, type Projection } from '../../src/routing/projection.js';
import { memoryIndexStore, type IndexStore } from '../../src/routing/indexStore.js';
import { rebuild, verify, type RebuildOptions } from '../../src/routing/rebuild.js';
import { memoryEventStore } from '../../src/stores/memory.js';
import { instantClock } from '../support/instantClock.js';
import { executionSet, targetAdded } from '../support/recorded.js';

const clock = instantClock();
const opened: Projection[] = [];

function start(store: EventStore, indexStore: IndexStore = memoryIndexStore()) {
  const projection = startProjection({ store, indexStore, clock, random: () => 0 });
  opened.push(projection);
  return Object.assign(projection, { indexStore });
}

const rebuildOf = (
  { indexStore }: { indexStore: IndexStore },
  store: EventStore,
  options: RebuildOptions = {},
) => rebuild({ store, indexStore, clock }, options);

const setOf = (id: string, ...targets: string[]) =>
  [`actions.execution-default.${id}`, [{ type: 'execution.set', data: executionSet(...targets) }]] as const;

const entriesOf = (projection: Projection, id: string) =>
  projection.index
    .instance('default')
    .entries(id)
    ?.map((entry) => (entry.type === 'target' ? entry.target : `@${entry.include}`));

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};

/** A store whose subscriptions go through `change`. */
const withSubscriptions = (
  store: EventStore,
  change: (
    messages: AsyncIterable<SubscriptionMessage>,
    options: SubscribeOptions,
    count: number,
  ) => AsyncIterable<SubscriptionMessage>,
): EventStore => {
  let count = 0;
  return { ...store, subscribe: (options) => change(store.subscribe(options), options, ++count) };
};

describe('projection', () => {
  afterEach(async () => {
    for (const projection of opened.splice(0)) await projection.close();
  });

  it('catches up, follows, and says how far it is', async () => {
    const store = memoryEventStore();
    await store.append(...setOf('event', 'a'));
    const projection = start(store);
    await projection.whenCaughtUp();
    expect(entriesOf(projection, 'event')).to.deep.equal(['a']);
    const { position = 0n } = await store.append(...setOf('event', 'b'));
    await projection.whenApplied(position);
    expect(entriesOf(projection, 'event')).to.deep.equal(['b']);
    expect(projection.status()).to.deep.include({ connected: true, caughtUp: true, lagMs: 0, position });
  });

  it('waits for a position only as long as the caller does', async () => {
    const projection = start(memoryEventStore());
    const controller = new AbortController();
    const waiting = projection.whenApplied(1_000n, controller.signal);
    controller.abort(new Error('enough'));
    expect(await waiting.catch((error: unknown) => String(error))).to.equal('Error: enough');
  });

  it('comes back after its subscription was dropped, from where it was, and passes over what it has', async () => {
    const store = memoryEventStore();
    await store.append(...setOf('event', 'a'));
    const afters: (bigint | undefined)[] = [];
    const projection = start(
      withSubscriptions(store, async function* (messages, { after }, count) {
        afters.push(after);
        for await (const message of messages) {
          yield message;
          if (count <= 3 && 'caughtUp' in message) {
            if (count === 1) throw new Error('the connection is gone');
            return;
          }
        }
      }),
    );
    await until(() => afters.length === 4);
    const { position = 0n } = await store.append(...setOf('event', 'b'));
    await projection.whenApplied(position);
    expect(entriesOf(projection, 'event')).to.deep.equal(['b']);
    expect(afters[0]).to.equal(undefined);
    expect(afters.slice(1)).to.deep.equal([1n, 1n, 1n]);
  });

  it('takes duplicates and a subscription that begins anew for what they are', async () => {
    const store = memoryEventStore();
    await store.append(...setOf('event', 'a'));
    await store.append('actions.execution-default.event', [{ type: 'execution.removed', data: {} }]);
    await store.append(...setOf('event', 'b'));
    const projection = start(
      withSubscriptions(store, async function* (messages, { signal }, count) {
        for await (const message of messages) {
          yield message;
          if ('stream' in message) yield message;
          if (count === 1 && 'caughtUp' in message) yield* store.subscribe({ signal });
        }
      }),
    );
    await projection.whenCaughtUp();
    const { position = 0n } = await store.append(...setOf('event/x', 'c'));
    await projection.whenApplied(position);
    expect(entriesOf(projection, 'event')).to.deep.equal(['b']);
  });

  it('records a malformed event as failed, without its content, and goes on', async () => {
    const store = memoryEventStore();
    await store.append('actions.execution-default.event', [
      { type: 'execution.set', data: { targets: [{ type: 'target', target: 5, canary: 'canary' }] } },
    ]);
    await store.append('actions.target-default.t', [{ type: 'target.added', data: targetAdded('t') }]);
    const projection = start(store);
    await projection.whenCaughtUp();
    const { failedEvents } = projection.status();
    expect(failedEvents).to.have.length(1);
    expect(failedEvents[0]).to.include({
      stream: 'actions.execution-default.event',
      version: 0n,
      type: 'execution.set',
    });
    expect(failedEvents[0]?.reason)
      .to.match(/targets\.0\.target/)
      .and.not.to.contain('canary');
    expect(projection.index.instance('default').target('t')?.name).to.equal('t');
  });

  it('lets nobody wait for it once it is closed', async () => {
    const projection = start(memoryEventStore());
    const waiting = projection.whenApplied(99n).catch((error: unknown) => error);
    await projection.close();
    expect(isActionsError(await waiting, 'ACTIONS_CLOSED')).to.equal(true);
    expect(
      isActionsError(await projection.whenCaughtUp().catch((error: unknown) => error), 'ACTIONS_CLOSED'),
    ).to.equal(true);
  });
});

describe('rebuild', () => {
  afterEach(async () => {
    for (const projection of opened.splice(0)) await projection.close();
  });

  it('gives the same twice, and no drift', async () => {
    const store = memoryEventStore();
    for (let n = 0; n < 50; n++) await store.append(...setOf(`event/e${n % 20}`, `t${n}`));
    const projection = start(store);
    await projection.whenCaughtUp();
    for (let round = 0; round < 2; round++) {
      const result = await rebuildOf(projection, store, {});
      expect(result).to.deep.include({ events: 50, drift: [] });
      expect(entriesOf(projection, 'event/e9')).to.deep.equal(['t49']);
    }
  });

  it('finds and mends what the index had wrong', async () => {
    const store = memoryEventStore();
    await store.append(...setOf('event', 'a'));
    await store.append(...setOf('event/x', 'a'));
    const lossy = withSubscriptions(store, async function* (messages, _options, count) {
      for await (const message of messages)
        if (count > 1 || !('stream' in message) || message.stream !== 'actions.execution-default.event')
          yield message;
    });
    const projection = start(lossy);
    await projection.whenCaughtUp();
    const { drift } = await rebuildOf(projection, store, {});
    expect(drift).to.deep.equal([
      { instanceID: 'default', kind: 'execution', id: 'event', difference: 'missing' },
    ]);
    expect(entriesOf(projection, 'event')).to.deep.equal(['a']);
  });

  it('verifies without changing anything', async () => {
    const store = memoryEventStore();
    await store.append(...setOf('event', 'a'));
    const blind = withSubscriptions(store, async function* (messages) {
      for await (const message of messages) if (!('stream' in message)) yield message;
    });
    const projection = start(blind);
    await projection.whenCaughtUp();
    const { drift } = await verify({ store, indexStore: projection.indexStore, clock }, {});
    expect(drift.map(({ difference }) => difference)).to.deep.equal(['missing']);
    expect(entriesOf(projection, 'event')).to.equal(undefined);
  });

  it('is done by one at a time', async () => {
    const store = memoryEventStore();
    await store.append(...setOf('event', 'a'));
    const projection = start(store);
    await projection.whenCaughtUp();
    const [first, second] = await Promise.allSettled([
      rebuildOf(projection, store),
      rebuildOf(projection, store),
    ]);
    expect(first.status).to.equal('fulfilled');
    expect(second.status === 'rejected' && isActionsError(second.reason, 'ALREADY_EXISTS')).to.equal(true);
    expect(await rebuildOf(projection, store)).to.deep.include({ drift: [] });
  });

  it('waits until it knows what this process has just written', async () => {
    const store = memoryEventStore();
    const projection = start(
      withSubscriptions(store, async function* (messages, { signal }, count) {
        for await (const message of messages) {
          yield message;
          // The first subscription hears of nothing any more: only the rebuild reads what comes.
          if (count === 1 && 'caughtUp' in message)
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
        }
      }),
    );
    await projection.whenCaughtUp();
    const written = store.append(...setOf('event', 'own')).then(async () => {
      for await (const event of store.readStream('actions.execution-default.event'))
        projection.applyOwn([event]);
    });
    await written;
    const { drift } = await rebuildOf(projection, store);
    expect(drift).to.deep.equal([]);
    expect(entriesOf(projection, 'event')).to.deep.equal(['own']);
  });

  it('has no empty moment, and loses nothing that arrives while it builds', async () => {
    const store = memoryEventStore();
    for (let n = 0; n < 20; n++) await store.append(...setOf('event', `old${n}`));
    const projection = start(store);
    await projection.whenCaughtUp();
    const seen = new Set<string | undefined>();
    let written = 0n;
    const busy: EventStore = withSubscriptions(store, async function* (messages) {
      for await (const message of messages) {
        yield message;
        // Each event that the rebuild reads is followed by another one that it may or may not see.
        if ('stream' in message && message.position <= 20n) {
          written = (await store.append(...setOf('event', `new${message.position}`))).position ?? 0n;
          projection.applyOwn([]);
          seen.add(entriesOf(projection, 'event')?.[0]);
        }
      }
    });
    await rebuildOf(projection, busy, {});
    await projection.whenApplied(written);
    expect(entriesOf(projection, 'event')).to.deep.equal(['new20']);
    expect(seen.has(undefined)).to.equal(false);
  });

  it('that is aborted leaves the old index in place', async () => {
    const store = memoryEventStore();
    for (let n = 0; n < 20; n++) await store.append(...setOf('event', `t${n}`));
    const projection = start(store);
    await projection.whenCaughtUp();
    const before = projection.index;
    const controller = new AbortController();
    const aborting = withSubscriptions(store, async function* (messages) {
      for await (const message of messages) {
        yield message;
        controller.abort(new Error('enough'));
      }
    });
    const outcome = await rebuildOf(projection, aborting, { signal: controller.signal }).catch(String);
    expect(outcome).to.equal('Error: enough');
    expect(projection.index).to.equal(before);
  });

  it('whose subscription ends before everything was read changes nothing', async () => {
    const store = memoryEventStore();
    await store.append(...setOf('event', 'a'));
    const projection = start(store);
    await projection.whenCaughtUp();
    const before = projection.index;
    // eslint-disable-next-line require-yield -- it ends before it says anything
    const ending = withSubscriptions(store, async function* () {
      await Promise.resolve();
    });
    const error: unknown = await rebuildOf(projection, ending, {}).catch((thrown: unknown) => thrown);
    expect(isActionsError(error, 'EVENT_STORE_UNAVAILABLE')).to.equal(true);
    expect(projection.index).to.equal(before);
  });
});
