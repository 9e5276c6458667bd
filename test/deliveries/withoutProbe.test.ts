import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createDeliveries, type EventData } from '../../src/index.js';
import { assign } from '../../src/deliveries/policy/assignment.js';
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

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Two ids of workers, of which the second takes partition 0 from the first: the ids alone say which worker has it. */
const firstID = idOf(0);
const secondID = Array.from({ length: 100 }, (_, number) => idOf(number + 1)).find(
  (id) => assign([firstID, id]).get(0) === id,
);

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
    const nextIDs: string[] = [];
    const generateID = () => nextIDs.pop() ?? randomUUID();
    const { actions, guarded, call, work, deliveryStore } = await openDeliveries({}, { generateID });
    const [endpoint] = await call(condition, { ...durable, script: () => ({ status: 503 }) });
    const { server } = endpoint ?? expect.fail();
    nextIDs.push(firstID);
    const first = await work();
    await guarded.append(streams[0] ?? '', [placed]);
    await until(() => first.health().targets[0]?.state === 'down');
    await until(() => first.health().partitions.length === 16);
    nextIDs.push(secondID ?? expect.fail());
    const second = await createDeliveries({ actions, store: deliveryStore }).work(quick);
    closeAfterTest(() => second.stop());
    await until(() => first.health().partitions.length === 8 && second.health().partitions.length === 8);
    expect(second.health().partitions).to.include(0);
    server.answer({});
    for (const stream of streams.slice(1)) await guarded.append(stream, [placed]);
    await until(() => streams.every((stream) => versionsByStream(server).has(stream)));
  });
});
