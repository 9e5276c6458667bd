import { expect } from 'chai';
import {
  createActions,
  createDeliveries,
  eventDeliveryStore,
  type DeliveryReport,
  type DeliveryWorker,
} from '../../../src/index.js';
import type { AppendFault } from '../../eventstoredb/double/faults.js';
import type { EventStoreDouble } from '../../eventstoredb/double/eventStoreDouble.js';
import { startCluster } from '../../eventstoredb/double/startDouble.js';
import { connect, storeOn } from '../../stores/eventStoreDB/clientUnderTest.js';
import { closeAfterTest } from '../../support/closings.js';
import { until } from '../../support/conditions.js';
import { targetServer } from '../../support/targetServer.js';
import { durable, quick } from '../openDeliveries.js';
import { versionsByStream } from '../received.js';

const streams = 12;
const eventsOfStream = 6;
const events = streams * eventsOfStream;
const group = 'failover';

/** The time limit for many events on a busy machine. Milliseconds. */
const patienceMs = 100_000;

/** The nodes of one event store, the first of which is the leader, with orders for one durable target. */
async function openCluster(size: number) {
  const [leader, ...followers] = await startCluster(size);
  for (const node of [leader, ...followers]) closeAfterTest(() => node.close());
  const client = connect(size === 1 ? leader.connectionString : leader.clusterConnectionString);
  closeAfterTest(() => client.dispose());
  const store = storeOn(client);
  const server = await targetServer({ delayMs: 5 });
  closeAfterTest(() => server.close());
  const told: DeliveryReport[] = [];
  const actions = await createActions({
    eventStore: store,
    keyring: 'plaintext',
    network: { allow: [server.allow] },
  });
  closeAfterTest(() => actions.close());
  const { id } = await actions.targets.add({ ...durable, name: 'orders', endpoint: server.url() });
  await actions.executions.set({ event: { group: 'order' } }, [id]);
  for (let total = 0; total < events; total++)
    await store.append(`order-${total % streams}`, [{ type: 'order.placed', data: { total } }]);

  async function work(): Promise<DeliveryWorker> {
    const progress = eventDeliveryStore(store, { group });
    closeAfterTest(() => progress.close());
    const deliveries = createDeliveries({
      actions,
      store: progress,
      onDelivery: (report: DeliveryReport) => told.push(report),
    });
    const worker = await deliveries.work(quick);
    closeAfterTest(() => worker.stop());
    return worker;
  }

  /** Expects that each event was received, first after its predecessor, and that no call is a retry after a failure. */
  function assertDelivered(): void {
    const wanted = Array.from({ length: eventsOfStream }, (_, version) => version);
    const received = versionsByStream(server);
    expect([...received.keys()].sort()).to.deep.equal(
      Array.from({ length: streams }, (_, stream) => `order-${stream}`).sort(),
    );
    for (const [stream, versions] of received) expect([...new Set(versions)], stream).to.deep.equal(wanted);
    expect(told.filter(({ outcome }) => outcome !== 'delivered')).to.deep.equal([]);
  }

  return { leader, followers, server, work, assertDelivered };
}

/** Waits until everything is delivered and committed, and the worker has no failure. */
async function settled(worker: DeliveryWorker): Promise<void> {
  await worker.whenIdle();
  await until(() => worker.health().healthy, patienceMs);
}

const commitFaults: readonly (readonly [name: string, fault: AppendFault])[] = [
  ['is cut after it was written', { commit: true, then: 'reset' }],
  ['is cut before it is written', { commit: false, then: 'reset' }],
  ['is answered with a timeout, though it was written', { commit: true, then: 'timeout' }],
  ['ends without an answer, though it was written', { commit: true, then: 'end' }],
  ['is refused, as the server is not ready', { commit: false, then: 'not-ready' }],
  ['is written by a server that restarts', { commit: true, then: 'restart' }],
  ['is lost with a server that restarts', { commit: false, then: 'restart' }],
];

describe('a worker whose event store fails over', () => {
  for (const [name, fault] of commitFaults)
    it(`loses nothing and keeps the order where a commit ${name}`, async () => {
      const { leader, server, work, assertDelivered } = await openCluster(1);
      const worker = await work();
      for (const received of [10, 30, 50]) {
        await until(() => server.received.length >= received, patienceMs);
        leader.faults.nextAppends(fault, 3);
        await until(() => leader.faults.queuedAppends === 0, patienceMs);
        await leader.settled();
      }
      await settled(worker);
      assertDelivered();

      await worker.stop();
      const before = server.received.length;
      const next = await work();
      await settled(next);
      expect(server.received.length).to.equal(before);
    }).timeout(200_000);

  it('goes on under each new leader, and the next worker finds the progress of the previous worker', async () => {
    const { leader, followers, server, work, assertDelivered } = await openCluster(3);
    const worker = await work();
    const nodes: readonly EventStoreDouble[] = [leader, ...followers];
    for (const [place, received] of [20, 45].entries()) {
      await until(() => server.received.length >= received, patienceMs);
      await nodes[place]?.kill();
      nodes[place + 1]?.promote();
    }
    await settled(worker);
    assertDelivered();
    await worker.stop();
    const before = server.received.length;
    await settled(await work());
    expect(server.received.length).to.equal(before);
  }).timeout(200_000);

  it('goes on where the leader steps down and stays a follower', async () => {
    const { leader, followers, server, work, assertDelivered } = await openCluster(3);
    const [follower = expect.fail()] = followers;
    const worker = await work();
    await until(() => server.received.length >= 20, patienceMs);
    follower.promote();
    leader.faults.notLeader = { ...follower.endpoint, always: true };
    await settled(worker);
    assertDelivered();
  }).timeout(200_000);
});
