import { expect } from 'chai';
import { isActionsError } from '../../src/errors.js';
import type { EventStore } from '../../src/ports.js';
import { memoryEventStore } from '../../src/stores/memory.js';
import { type IndexStore } from '../../src/routing/indexStore.js';
import { rebuildIndex, verifyIndex, type RebuildOptions } from '../../src/routing/buildIndex.js';
import { clock, closeProjections, entriesOf, setOf, start, withSubscriptions } from './projections.js';

const rebuildOf = (
  { indexStore }: { indexStore: IndexStore },
  store: EventStore,
  options: RebuildOptions = {},
) => rebuildIndex({ store, indexStore, clock }, options);

describe('rebuild', () => {
  afterEach(closeProjections);

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

  it('finds and mends wrong entries of the index', async () => {
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
    const { drift } = await verifyIndex({ store, indexStore: projection.indexStore, clock }, {});
    expect(drift.map(({ difference }) => difference)).to.deep.equal(['missing']);
    expect(entriesOf(projection, 'event')).to.equal(undefined);
  });

  it('is done by one process at a time', async () => {
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

  it('waits until the index has the latest writes of this process', async () => {
    const store = memoryEventStore();
    const projection = start(
      withSubscriptions(store, async function* (messages, { signal }, count) {
        for await (const message of messages) {
          yield message;
          // The first subscription receives no further events: only the rebuild reads them.
          if (count === 1 && 'caughtUp' in message)
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
        }
      }),
    );
    await projection.whenCaughtUp();
    const written = store.append(...setOf('event', 'own')).then(async () => {
      for await (const event of store.readStream('actions.execution-default.event'))
        await projection.applyOwn([event]);
    });
    await written;
    const { drift } = await rebuildOf(projection, store);
    expect(drift).to.deep.equal([]);
    expect(entriesOf(projection, 'event')).to.deep.equal(['own']);
  });

  it('never empties the index, and loses no event that arrives during the build', async () => {
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
          await projection.applyOwn([]);
          seen.add(entriesOf(projection, 'event')?.[0]);
        }
      }
    });
    await rebuildOf(projection, busy, {});
    await projection.whenApplied(written);
    expect(entriesOf(projection, 'event')).to.deep.equal(['new20']);
    expect(seen.has(undefined)).to.equal(false);
  });

  it('leaves the old index in place when it is aborted', async () => {
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

  it('changes nothing when its subscription ends before everything was read', async () => {
    const store = memoryEventStore();
    await store.append(...setOf('event', 'a'));
    const projection = start(store);
    await projection.whenCaughtUp();
    const before = projection.index;
    const ending = withSubscriptions(store, async function* () {
      yield* await Promise.resolve([]);
    });
    const error: unknown = await rebuildOf(projection, ending, {}).catch((thrown: unknown) => thrown);
    expect(isActionsError(error, 'EVENT_STORE_UNAVAILABLE')).to.equal(true);
    expect(projection.index).to.equal(before);
  });
});
