import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActions, type DeliveryPage } from '../../../src/index.js';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { targetServer } from '../../support/targetServer.js';
import { runHere } from './runHere.js';

describe('eventstore-actions work and deliveries', () => {
  it('deliver, show what is down, pause, and send dead letters again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deliveries-'));
    const server = await targetServer({ status: 400 });
    const path = join(folder, 'events.db');
    const config = new URL('deliveryConfig.mjs', import.meta.url).pathname;
    const env = {
      EVENTSTORE_ACTIONS_STORE: `sqlite:${path}`,
      EVENTSTORE_ACTIONS_DELIVERIES: join(folder, 'deliveries.db'),
      EVENTSTORE_ACTIONS_KEYRING: 'plaintext',
      EVENTSTORE_ACTIONS_ALLOW: server.allow,
    };
    const run = (...words: readonly string[]) => runHere([...words, '--json'], env);
    try {
      const add = ['targets', 'add', '--name', 'crm', '--type', 'async', '--delivery', 'durable'];
      const added = await run(...add, '--endpoint', server.url());
      const { id } = JSON.parse(added.stdout) as { id: string };
      await run('executions', 'set', 'event/order.*', id);
      const store = sqliteEventStore({ path });
      const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
      await actions.intercept(store).append('order-1', [{ type: 'order.placed', data: {} }]);
      await actions.close();
      await store.close();

      expect((await run('work', '--until-idle', '--config', config)).status).to.equal(0);
      expect(server.received).to.have.lengthOf(2);
      expect((await run('deliveries', 'status')).status, 'a dead letter').to.equal(3);
      const { items } = JSON.parse((await run('deliveries', 'list')).stdout) as DeliveryPage;
      expect(items.map(({ state, attempts }) => [state, attempts])).to.deep.equal([['parked', 2]]);
      const [item] = items;
      expect((await run('deliveries', 'show', item?.id ?? '')).stdout).to.include('"parked"');

      server.answer({});
      await run('targets', 'change', id, '--pause');
      await run('deliveries', 'replay', item?.id ?? '');
      await run('targets', 'change', id, '--resume');
      const waiting = async (): Promise<number> => {
        const { items } = JSON.parse((await run('deliveries', 'list')).stdout) as {
          readonly items: readonly unknown[];
        };
        return items.length;
      };
      while ((await waiting()) > 0) await run('work', '--until-idle', '--config', config);
      expect(server.received.at(-1)?.headers).to.include({
        'actions-replay': 'true',
        'webhook-id': item?.id,
      });
      expect((await run('deliveries', 'status')).status).to.equal(0);
    } finally {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    }
  }).timeout(60_000);

  it('ask where the progress is kept', async () => {
    const { status } = await runHere(['deliveries', 'status', '--store', 'sqlite:./none.db']);
    expect(status).to.not.equal(0);
  });
});
