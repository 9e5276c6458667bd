import { expect } from 'chai';
import { setTimeout as wait } from 'node:timers/promises';
import { postgresDeliveryStore } from 'eventstore-actions/postgres';
import type { DeliveryReport } from 'eventstore-actions';
import { durable, openDeliveries, shortLeaseMs } from '../../../deliveries/openDeliveries.js';
import { until } from '../../../support/conditions.js';
import { openSchema } from './postgresServer.js';

describe('durable delivery while a table of its progress is locked', () => {
  for (const table of ['delivery_partition', 'delivery_worker', 'delivery_lane'] as const)
    it(`calls no target without a lease or a commit, says so, and goes on once ${table} is free`, async () => {
      const { schema, pool, another, remove } = await openSchema();
      const told: DeliveryReport[] = [];
      const opened = await openDeliveries({
        store: postgresDeliveryStore({ pool: another(), schema }),
        onDelivery: (report) => told.push(report),
      });
      // A call that lasts longer than `commitMs` has its lane in the written progress.
      const script = () => wait(200, {});
      const [{ server }] = (await opened.call({ event: { group: 'order' } }, { ...durable, script })) as [
        Awaited<ReturnType<typeof opened.add>>,
      ];
      const worker = await opened.work({ leaseMs: shortLeaseMs, commitMs: 50 });
      await opened.guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
      await server.whenReceived(1);
      await worker.whenIdle();
      const holder = await pool.connect();
      await holder.query(`BEGIN; LOCK TABLE ${schema}.${table} IN ACCESS EXCLUSIVE MODE`);
      let appended = 1;
      const append = async (): Promise<void> => {
        await opened.guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
        appended++;
        await wait(250);
      };
      // A lease that ends because the machine stalls is no failure, and renewed at once.
      await until(async () => {
        await append();
        return worker.health().stuck?.includes('failed') === true;
      }, 100_000);
      expect(worker.health()).to.include({ healthy: false, store: 'failing' });
      const during = server.received.length;
      for (let more = 0; more < 4; more++) await append();
      expect(server.received.length - during, 'calls that were under way').to.be.at.most(1);
      await holder.query('ROLLBACK');
      holder.release();
      await server.whenReceived(appended);
      await worker.whenIdle();
      const bodies = server.received.map(({ body }) => (JSON.parse(body) as { sequence: number }).sequence);
      const firsts = bodies.filter((sequence, place) => bodies.indexOf(sequence) === place);
      expect(firsts).to.deep.equal(Array.from({ length: appended }, (_, place) => place));
      await worker.stop();
      await opened.actions.close();
      await remove();
    });
});
