import { expect } from 'chai';
import { memoryEventStore, type EventStore, type RecordedEvent } from '../../src/index.js';
import { until } from '../support/conditions.js';
import { durable, openDeliveries } from './openDeliveries.js';
import { totals } from './received.js';

const apart = 1_000_000n;
const moved = (event: RecordedEvent): RecordedEvent => ({ ...event, position: event.position * apart });

/**
 * Events of a source whose positions grow without events, as transactions of PostgreSQL do: `head` and every
 * subscription that catches up see a later one. Between events a subscription tells of no position.
 */
function sourceWithMovingPositions(
  inner: EventStore,
  {
    beforePosition,
    beforeCaughtUp,
  }: Record<'beforePosition' | 'beforeCaughtUp', (after: bigint | undefined) => Promise<void>>,
): Pick<EventStore, 'subscribe' | 'readStream' | 'head'> & { readonly subscriptions: readonly bigint[] } {
  let time = 0n;
  const now = async () => ((await inner.head?.()) ?? 0n) * apart + ++time;
  const subscriptions: bigint[] = [];
  return {
    subscriptions,
    head: now,
    async *readStream(stream, options) {
      for await (const event of inner.readStream(stream, options)) yield moved(event);
    },
    async *subscribe({ after, ...options }) {
      subscriptions.push(after ?? 0n);
      const from = after === undefined ? {} : { after: after / apart };
      for await (const message of inner.subscribe({ ...options, ...from })) {
        if ('stream' in message) yield moved(message);
        else if ('caughtUp' in message) {
          await beforePosition(after);
          const position = await now();
          await beforeCaughtUp(after);
          yield { caughtUp: true, position };
        }
      }
    },
  };
}

describe('a late target, in a source whose positions move without events', () => {
  it('gets its events where the main reader has caught up later than the reader of the target', async () => {
    const inner = memoryEventStore();
    await inner.append('order-1', [
      { type: 'order.placed', data: { total: 1 } },
      { type: 'order.placed', data: { total: 2 } },
    ]);
    const isMain = (after: bigint | undefined): boolean => after !== undefined;
    let behind = 0;
    let ahead = 0;
    const source = sourceWithMovingPositions(inner, {
      // The main reader catches up once the first reader of the target has its position, which it tells after that.
      async beforePosition(after) {
        if (isMain(after)) await until(() => behind > 0);
      },
      async beforeCaughtUp(after) {
        if (isMain(after)) ahead++;
        else if (behind++ === 0) await until(() => ahead > 0);
      },
    });
    const { call, work, deliveries } = await openDeliveries({ source });
    const [endpoint] = await call(
      { event: { event: 'order.placed' } },
      { ...durable, deliverFrom: 'beginning' },
    );
    const worker = await work();
    await worker.whenIdle();
    expect(totals(endpoint?.server ?? expect.fail())).to.deep.equal([1, 2]);
    expect((await deliveries.status()).targets.map(({ state }) => state)).to.deep.equal(['live']);
    // One more subscription replaces the silent one, and no further follows.
    expect(source.subscriptions.length).to.be.lessThan(16);
  });
});
