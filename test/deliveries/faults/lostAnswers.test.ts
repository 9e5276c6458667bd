import { expect } from 'chai';
import { createActions, createDeliveries, eventDeliveryStore, type EventData } from '../../../src/index.js';
import { openStore } from '../../eventstoredb/adapter/openStore.js';
import { startDouble } from '../../eventstoredb/double/startDouble.js';
import { until } from '../../support/conditions.js';
import { closeAfterTest } from '../../support/closings.js';
import { targetServer } from '../../support/targetServer.js';
import { durable, quick } from '../openDeliveries.js';
import { versionsByStream } from '../received.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;
const counts = { events: 150, streams: 10 };

describe('lost acknowledgements', () => {
  for (const then of ['reset', 'timeout'] as const)
    it(`of stored appends and stored progress lose no event and keep the order (${then})`, async () => {
      const double = await startDouble();
      closeAfterTest(() => double.close());
      const { store, cleanUp } = openStore(double.connectionString);
      closeAfterTest(async () => cleanUp?.());
      const server = await targetServer({ delayMs: 2 });
      closeAfterTest(() => server.close());
      const actions = await createActions({
        eventStore: store,
        keyring: 'plaintext',
        network: { allow: [server.allow] },
      });
      closeAfterTest(() => actions.close());
      const { id } = await actions.targets.add({ ...durable, name: 'crm', endpoint: server.url() });
      await actions.executions.set(condition, [id]);
      const progress = eventDeliveryStore(store, { group: 'g' });
      closeAfterTest(() => progress.close());
      const retry = { firstDelayMs: 5, maxDelayMs: 40 };
      const deliveries = createDeliveries({ actions, store: progress });
      const worker = await deliveries.work({ ...quick, retry });
      closeAfterTest(() => worker.stop());
      await worker.whenIdle();

      const guarded = actions.intercept(store);
      let unanswered = 0;
      for (let total = 0; total < counts.events; total++) {
        // The next append loses its answer: this one, or one of the worker.
        if (total % 10 === 5) double.faults.nextAppends({ commit: true, then });
        await guarded.append(`order-${total % counts.streams}`, [placed(total)]).catch(() => unanswered++);
      }
      await until(() => double.faults.queuedAppends === 0);
      await worker.whenIdle();
      let stored = 0;
      for (let each = 0; each < counts.streams; each++) {
        const versions: number[] = [];
        for await (const { version } of store.readStream(`order-${each}`)) versions.push(Number(version));
        stored += versions.length;
        const sent = versionsByStream(server).get(`order-${each}`) ?? [];
        expect(
          sent.filter((version, place) => sent.indexOf(version) === place),
          `order-${each}`,
        ).to.deep.equal(versions);
      }
      expect(stored).to.be.within(counts.events - unanswered, counts.events);
      expect((await deliveries.status()).deadLetters).to.equal(0);
      await until(() => worker.health().store === 'ok');
    });
});
