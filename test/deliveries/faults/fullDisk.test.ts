import { expect } from 'chai';
import { createActions, createDeliveries, isActionsError, type EventData } from '../../../src/index.js';
import { sqliteDeliveryStore, sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { until } from '../../support/conditions.js';
import { closeAfterTest } from '../../support/closings.js';
import { targetServer } from '../../support/targetServer.js';
import { deliveryStoreWith } from '../gate.js';
import { durable, openDeliveries, quick } from '../openDeliveries.js';
import { totals, versionsByStream } from '../received.js';
import { limitedFile } from './limitedFiles.js';

const placed = (total: number): EventData => ({ type: 'order.placed', data: { total } });
const condition = { event: { event: 'order.placed' } } as const;
const streams = 1_500;

const detailOf = (error: unknown): string => (isActionsError(error) ? (error.detail ?? '') : String(error));

describe('a delivery file on a full disk', () => {
  it('stops the calls, says so, and goes on once there is room: nothing is lost', async () => {
    const folder = temporaryFolder();
    closeAfterTest(folder.remove);
    const path = folder.file('deliveries.db');
    const file = limitedFile(path);
    const progress = sqliteDeliveryStore({ path });
    closeAfterTest(() => progress.close());
    const refusals = new Map<number, string>();
    let attempts = 0;
    const store = deliveryStoreWith(
      (inner) => ({
        commit(commit) {
          attempts++;
          return inner.commit(commit).catch((error: unknown) => {
            refusals.set(commit.partition, detailOf(error));
            throw error;
          });
        },
      }),
      progress,
    );
    let isMended = false;
    const { guarded, call, work, deliveries } = await openDeliveries({ store });
    const [endpoint] = await call(condition, {
      ...durable,
      script: () => ({ status: isMended ? 200 : 400 }),
    });
    const server = endpoint?.server ?? expect.fail();
    const retry = { attempts: 1_000_000, permanentAttempts: 1_000_000, firstDelayMs: 20, maxDelayMs: 20 };
    const worker = await work({ retry });
    await worker.whenIdle();
    file.fill(8);
    for (let total = 0; total < streams; total++)
      await guarded.append(`order-${'x'.repeat(200)}-${total}`, [placed(total)]);
    await until(() => refusals.size === 16);
    expect(new Set(refusals.values()).size).to.equal(1);
    expect([...refusals.values()][0]).to.match(/database or disk is full/);
    const { store: state, stuck } = worker.health();
    expect(state).to.equal('failing');
    expect(stuck).to.match(/writing the progress.*database or disk is full/);
    await until(() => worker.health().running === 0);
    const [received, tried] = [server.received.length, attempts];
    await until(() => attempts >= tried + 32);
    expect(server.received, 'no call without progress').to.have.lengthOf(received);

    isMended = true;
    file.makeRoom();
    await worker.whenIdle();
    expect(versionsByStream(server).size).to.equal(streams);
    expect(worker.health()).to.include({ store: 'ok', healthy: true });
    expect((await deliveries.status()).deadLetters).to.equal(0);
  });
});

describe('an event store file on a full disk', () => {
  it('refuses appends in words, and the events appended before and after are delivered', async () => {
    const folder = temporaryFolder();
    closeAfterTest(folder.remove);
    const path = folder.file('events.db');
    const file = limitedFile(path);
    const eventStore = sqliteEventStore({ path, synchronous: 'NORMAL' });
    closeAfterTest(() => eventStore.close());
    const server = await targetServer({});
    closeAfterTest(() => server.close());
    const actions = await createActions({
      eventStore,
      keyring: 'plaintext',
      network: { allow: [server.allow] },
    });
    closeAfterTest(() => actions.close());
    const { id } = await actions.targets.add({ ...durable, name: 'crm', endpoint: server.url() });
    await actions.executions.set(condition, [id]);
    const guarded = actions.intercept(eventStore);
    const progress = sqliteDeliveryStore({ path: folder.file('deliveries.db') });
    closeAfterTest(() => progress.close());
    const worker = await createDeliveries({ actions, store: progress }).work(quick);
    closeAfterTest(() => worker.stop());
    const taken: number[] = [];
    const errors: unknown[] = [];
    const append = async (total: number): Promise<void> => {
      await guarded.append(`order-${total % 7}`, [placed(total)]).then(
        () => taken.push(total),
        (error: unknown) => errors.push(error),
      );
    };
    for (let total = 0; total < 20; total++) await append(total);
    file.fill(2);
    for (let total = 20; errors.length < 5 && total < 5_000; total++) await append(total);
    expect(errors).to.have.lengthOf(5);
    for (const error of errors) {
      expect(isActionsError(error, 'EVENT_STORE_UNAVAILABLE')).to.equal(true);
      expect(detailOf(error)).to.match(/database or disk is full/);
    }
    file.makeRoom();
    for (let total = 5_000; total < 5_020; total++) await append(total);
    await worker.whenIdle();
    expect([...totals(server)].sort((left, right) => left - right)).to.deep.equal(taken);
    expect(taken.slice(-20)).to.have.lengthOf(20);
  });
});
