import { expect } from 'chai';
import { createDeliveries, type EventData } from '../../src/index.js';
import { partitionOf } from '../../src/deliveries/policy/partitionOf.js';
import { until } from '../support/conditions.js';
import { closeAfterTest } from '../support/closings.js';
import { durable, openDeliveries, quick } from './openDeliveries.js';
import { versionsByStream } from './received.js';

const placed: EventData = { type: 'order.placed', data: {} };
const condition = { event: { event: 'order.placed' } } as const;

/** One stream of each partition. */
const streams: readonly string[] = Array.from({ length: 16 }, (_, partition) => {
  for (let place = 0; ; place++) if (partitionOf(`order-${place}`) === partition) return `order-${place}`;
});

describe('a target that is down, while no worker holds an event for it', () => {
  it('is sent later events after its execution was emptied and set again', async () => {
    const { actions, guarded, call, work } = await openDeliveries();
    const [endpoint] = await call(condition, { ...durable, script: () => ({ status: 503 }) });
    const { server, id } = endpoint ?? expect.fail();
    const worker = await work();
    await guarded.append('order-1', [placed]);
    await until(() => worker.health().targets[0]?.state === 'down');
    await actions.executions.set(condition, []);
    await until(() => worker.health().targets[0]?.lanes === 0);
    await actions.executions.set(condition, [id]);
    server.answer({});
    await guarded.append('order-2', [placed]);
    await until(() => versionsByStream(server).has('order-2'));
    await until(() => worker.health().targets[0]?.state === 'live');
  });

  it('is sent the events of every partition where another worker took the waiting partitions', async () => {
    const { actions, guarded, call, work, deliveryStore } = await openDeliveries();
    const [endpoint] = await call(condition, { ...durable, script: () => ({ status: 503 }) });
    const { server } = endpoint ?? expect.fail();
    const first = await work({ leaseMs: 600 });
    await guarded.append(streams[0] ?? '', [placed]);
    await until(() => first.health().targets[0]?.state === 'down');
    const other = createDeliveries({ actions, store: deliveryStore });
    // Which partitions a worker takes depends on its id, which is drawn.
    for (let tries = 0; first.health().partitions.includes(0); tries++) {
      expect(tries).to.be.below(40);
      await until(() => first.health().partitions.length === 16);
      const second = await other.work({ ...quick, leaseMs: 600 });
      closeAfterTest(() => second.stop());
      await until(() => first.health().partitions.length === 8 && second.health().partitions.length === 8);
      if (first.health().partitions.includes(0)) await second.stop();
    }
    server.answer({});
    for (const stream of streams.slice(1)) await guarded.append(stream, [placed]);
    await until(() => streams.every((stream) => versionsByStream(server).has(stream)));
  });
});
