import { expect } from 'chai';
import { isActionsError } from '../../src/errors.js';
import type { EventStore } from '../../src/ports.js';
import { memoryIndexStore } from '../../src/routing/indexStore.js';
import { memoryEventStore } from '../../src/stores/memory.js';
import { targetAdded } from '../support/recordedEvents.js';
import { closeProjections, entriesOf, setOf, start, withSubscriptions } from './projections.js';
import { until } from '../support/conditions.js';

describe('projection', () => {
  afterEach(closeProjections);

  it('catches up, follows, and says its position', async () => {
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

  it('asks again for a head that does not come in time, and catches up once it does', async () => {
    const inner = memoryEventStore();
    await inner.append(...setOf('event', 'a'));
    let asked = 0;
    const head = () => (++asked < 3 ? new Promise<never>(() => undefined) : inner.head());
    const projection = start({ ...inner, head });
    await projection.whenCaughtUp();
    expect(entriesOf(projection, 'event')).to.deep.equal(['a']);
    expect(asked).to.be.at.least(3);
  });

  it('stops waiting for a position when the caller aborts', async () => {
    const projection = start(memoryEventStore());
    const controller = new AbortController();
    const waiting = projection.whenApplied(1_000n, controller.signal);
    controller.abort(new Error('enough'));
    expect(await waiting.catch((error: unknown) => String(error))).to.equal('Error: enough');
  });

  it('resumes at its position after its subscription was dropped, and skips events that it has applied', async () => {
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

  it('takes duplicates and a subscription that begins again without an error', async () => {
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

  it('keeps its index when an event is written while the head is read', async () => {
    const store = memoryEventStore();
    const indexStore = memoryIndexStore();
    const reasons: string[] = [];
    const invalidate = (reason: string) => reasons.push(reason);
    const others: EventStore = {
      ...store,
      async head() {
        const head = await store.head();
        await store.append(...setOf('event', 'a'));
        for await (const event of store.readStream(setOf('event')[0])) indexStore.current.apply(event, true);
        return head;
      },
    };
    await start(others, Object.assign(indexStore, { invalidate })).whenCaughtUp();
    expect(reasons).to.deep.equal([]);
  });

  it('rejects its waiters once the projection is closed', async () => {
    const projection = start(memoryEventStore());
    const waiting = projection.whenApplied(99n).catch((error: unknown) => error);
    await projection.close();
    expect(isActionsError(await waiting, 'ACTIONS_CLOSED')).to.equal(true);
    expect(
      isActionsError(await projection.whenCaughtUp().catch((error: unknown) => error), 'ACTIONS_CLOSED'),
    ).to.equal(true);
  });
});
