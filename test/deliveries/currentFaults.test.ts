import { expect } from 'chai';
import {
  EventStoreUnavailableError,
  memoryDeliveryStore,
  memoryEventStore,
  type DeliveryStore,
  type EventStore,
  type SubscribeOptions,
  type WorkOptions,
} from '../../src/index.js';
import { createFaults } from '../../src/deliveries/context/faults.js';
import { until } from '../support/conditions.js';
import { durable, openDeliveries, shortLeaseMs } from './openDeliveries.js';

/** Shorter than the call, so that a commit during the call writes its lane. */
const slow = { ...durable, script: { delayMs: 200 } };

/** Stores whose methods fail while `failing` holds their names, and a worker on them with one target. */
async function openFailing(options: WorkOptions = {}) {
  const failing = new Set<string>();
  const [inner, events] = [memoryDeliveryStore(), memoryEventStore()];
  const open = new Set<AbortController>();
  let held: Promise<void> | undefined;
  const refuse = (method: string) =>
    failing.has(method) ? Promise.reject(new EventStoreUnavailableError(`${method} is refused`)) : undefined;
  const store: DeliveryStore = {
    ...inner,
    beat: (beat) => refuse('beat') ?? inner.beat(beat),
    commit: (commit) => refuse('commit') ?? inner.commit(commit),
    requests: (partition) => refuse('requests') ?? inner.requests(partition),
  };
  const eventStore: EventStore = {
    ...events,
    async *subscribe(options: SubscribeOptions & { readonly signal: AbortSignal }) {
      await refuse('subscribe');
      const cut = new AbortController();
      open.add(cut);
      await held;
      const signal = AbortSignal.any([cut.signal, options.signal]);
      yield* events.subscribe({ ...options, signal });
      await refuse('subscribe');
    },
  };
  const opened = await openDeliveries({ store }, { eventStore });
  const [endpoint] = await opened.call({ event: { all: true } }, slow);
  const worker = await opened.work(options);
  await worker.whenIdle();
  return {
    ...opened,
    worker,
    endpoint: endpoint ?? expect.fail(),
    fail: (method: string) => failing.add(method),
    mend: (method: string) => failing.delete(method),
    /** New subscriptions wait, without an error, until the returned function is called. */
    hold() {
      let release = (): void => undefined;
      held = new Promise((resolve) => (release = resolve));
      return release;
    },
    /** Ends the open subscriptions. */
    cut() {
      for (const each of open) each.abort();
      open.clear();
    },
  };
}

const placed = [{ type: 'order.placed', data: {} }];

describe('why a worker is stuck', () => {
  it('is the failure that stops the worker now, not an earlier one of its lease', async () => {
    const { worker, fail, mend, cut } = await openFailing({ leaseMs: shortLeaseMs });
    const stuck = () => worker.health().stuck;

    fail('beat');
    await until(() => stuck()?.includes('renewing the lease failed: beat is refused') === true);
    mend('beat');
    await until(() => worker.health().healthy);

    fail('subscribe');
    cut();
    await until(() => stuck() === 'reading the events failed: subscribe is refused');
    mend('subscribe');
    await until(() => worker.health().healthy);
  });

  it('is the failure that stops the worker now, not an earlier one of its source', async () => {
    const { worker, guarded, endpoint, fail, mend, cut } = await openFailing();
    const stuck = () => worker.health().stuck;

    fail('subscribe');
    cut();
    await until(() => stuck() === 'reading the events failed: subscribe is refused');
    mend('subscribe');
    await until(() => worker.health().healthy);

    fail('commit');
    await guarded.append('order-1', placed);
    await endpoint.server.whenReceived(1);
    await until(() =>
      /^writing the progress of partition \d+ failed: commit is refused$/.test(stuck() ?? ''),
    );
    mend('commit');
    await until(() => worker.health().healthy);
  });

  it('is not an earlier failure, when the same work stops again without an error', async () => {
    const { worker, fail, mend, cut, hold } = await openFailing();
    fail('subscribe');
    cut();
    await until(() => worker.health().stuck !== undefined);
    mend('subscribe');
    await until(() => worker.health().healthy);
    const release = hold();
    cut();
    await until(() => worker.health().source === 'disconnected');
    expect(worker.health().stuck).to.equal(undefined);
    release();
    await until(() => worker.health().source === 'connected');
  });

  it('is not a lasting failure that stops no work', async () => {
    const { worker, fail, mend, cut } = await openFailing();
    fail('requests');
    fail('subscribe');
    cut();
    await until(() => worker.health().stuck !== undefined);
    for (let looks = 0; looks < 100; looks++) {
      expect(worker.health().stuck).to.equal('reading the events failed: subscribe is refused');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    mend('subscribe');
    await until(() => worker.health().healthy);
  });

  it('is the failure of the stalled partition, while other partitions write their progress again', async () => {
    const inner = memoryDeliveryStore();
    let isRefused = (_partition: number): boolean => false;
    const store: DeliveryStore = {
      ...inner,
      commit: (commit) =>
        isRefused(commit.partition)
          ? Promise.reject(new EventStoreUnavailableError('refused'))
          : inner.commit(commit),
    };
    const { guarded, call, work } = await openDeliveries({ store });
    await call({ event: { all: true } }, { ...durable, script: { status: 503 } });
    // A target that is down stops its cursors, which every partition has to write.
    const worker = await work({ failures: 1, probeMs: 60_000 });
    await worker.whenIdle();
    isRefused = () => true;
    await guarded.append('order-1', placed);
    await until(() => worker.health().stuck?.startsWith('writing the progress of partition ') === true);
    isRefused = (partition) => partition === 12;
    await until(() => worker.health().stuck === 'writing the progress of partition 12 failed: refused');
    isRefused = () => false;
    await until(() => worker.health().store === 'ok');
    expect(worker.health().stuck).to.equal(undefined);
  });

  it('names the failed write of progress, also when the error of the store is an AbortError', async () => {
    const inner = memoryDeliveryStore();
    let isRefused = false;
    const aborted = Object.assign(new Error('aborted'), { name: 'AbortError' });
    const store: DeliveryStore = {
      ...inner,
      commit: (commit) => (isRefused ? Promise.reject(aborted) : inner.commit(commit)),
    };
    const { guarded, call, work } = await openDeliveries({ store });
    await call({ event: { all: true } }, slow);
    const worker = await work();
    await worker.whenIdle();
    isRefused = true;
    await guarded.append('order-1', placed);
    await until(() => worker.health().store === 'failing');
    expect(worker.health().healthy).to.equal(false);
    isRefused = false;
    await until(() => worker.health().healthy);
  });

  it('is kept for a hundred kinds of work at most', () => {
    const faults = createFaults();
    for (let stream = 0; stream < 1_000; stream++) faults.note(`reading "order-${stream}"`, new Error('no'));
    const kept = Array.from({ length: 1_000 }, (_, stream) => `reading "order-${stream}"`).filter(
      (what) => faults.first([what]) !== undefined,
    );
    expect(kept).to.have.lengthOf(100);
    expect(kept.at(-1)).to.equal('reading "order-999"');
  });
});
