import { expect } from 'chai';
import { createActions, type DeliveryPage, type EventStore } from 'eventstore-actions';
import { postgresEventStore } from 'eventstore-actions/postgres';
import { sqliteEventStore } from 'eventstore-actions/sqlite';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import pg from 'pg';
import { closeAfterTest } from '../../support/closings.js';
import { targetServer } from '../../support/targetServer.js';
import { sharedPostgres } from '../stores/postgres/postgresServer.js';
import { runHere, runInterrupted } from './runHere.js';
import { openPlace, type Place } from './stores.js';

const config = new URL('deliveryConfig.mjs', import.meta.url).pathname;

/** The store that the program works on, opened by an application. */
async function openEvents(location: string): Promise<EventStore> {
  if (location.startsWith('sqlite:')) {
    const store = sqliteEventStore({ path: location.slice('sqlite:'.length) });
    closeAfterTest(() => store.close());
    return store;
  }
  const url = new URL(location);
  const pool = new pg.Pool({ connectionString: location.split('?')[0] });
  closeAfterTest(() => pool.end());
  const store = await postgresEventStore({ pool, schema: url.searchParams.get('schema') ?? '' });
  closeAfterTest(() => store.close());
  return store;
}

/** The place of the progress: beside the events, or in a named file or database. */
const progress: readonly (readonly [kind: 'SQLite' | 'PostgreSQL', where: string])[] = [
  ['SQLite', 'in a file of its own'],
  ['PostgreSQL', 'beside the events'],
  ['PostgreSQL', 'in a file of its own'],
];

describe('eventstore-actions work and deliveries', () => {
  for (const [kind, where] of progress)
    it(`deliver, show targets that are down, pause, and send dead letters again: events in ${kind}, progress ${where}`, async () => {
      const place: Place = await openPlace(kind);
      const server = await targetServer({ status: 400 });
      closeAfterTest(() => server.close());
      const env = {
        ...place.env,
        ...(where.includes('file') && { EVENTSTORE_ACTIONS_DELIVERIES: place.file('deliveries.db') }),
        EVENTSTORE_ACTIONS_ALLOW: server.allow,
      };
      const run = (...words: readonly string[]) => runHere([...words, '--json'], env);
      const add = ['targets', 'add', '--name', 'crm', '--type', 'async', '--delivery', 'durable'];
      const added = await run(...add, '--endpoint', server.url());
      const { id } = JSON.parse(added.stdout) as { id: string };
      await run('executions', 'set', 'event/order.*', id);
      const store = await openEvents(place.env['EVENTSTORE_ACTIONS_STORE'] ?? '');
      const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
      await actions.intercept(store).append('order-1', [{ type: 'order.placed', data: {} }]);
      await actions.close();

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
      for (let tries = 0; tries < 100 && (await waiting()) > 0; tries++)
        await run('work', '--until-idle', '--config', config);
      expect(server.received.at(-1)?.headers).to.include({
        'actions-replay': 'true',
        'webhook-id': item?.id,
      });
      expect((await run('deliveries', 'status')).status).to.equal(0);
    }).timeout(120_000);

  it('say why the place of the progress cannot be used, and do not wait for it', async () => {
    const place = await openPlace('SQLite');
    const run = (deliveries: string, ...words: readonly string[]) =>
      runHere(words, { ...place.env, EVENTSTORE_ACTIONS_DELIVERIES: deliveries });
    await run('', 'targets', 'add', '--name', 'crm', '--type', 'async', '--endpoint', 'https://crm.example/');
    const missing = place.file('mistyped.db');
    for (const words of [
      ['status'],
      ['list'],
      ['show', 'msg_1'],
      ['discard', 'msg_1'],
      ['replay', 'msg_1'],
    ]) {
      const { status, stderr } = await run(missing, 'deliveries', ...words);
      expect(status, words[0]).to.equal(2);
      expect(stderr).to.include('there is no progress of deliveries');
      expect(existsSync(missing), words[0]).to.equal(false);
    }
    const url = new URL(await sharedPostgres());
    url.pathname = '/missing';
    const { status, stderr } = await run(url.href, 'work', '--until-idle');
    expect(status).to.equal(1);
    expect(stderr).to.include('database "missing" does not exist');
  });

  it('take targets by name, and refuse unknown targets and dead letters', async () => {
    const place = await openPlace('SQLite');
    const server = await targetServer({ status: 400 });
    closeAfterTest(() => server.close());
    const env = {
      ...place.env,
      EVENTSTORE_ACTIONS_DELIVERIES: place.file('deliveries.db'),
      EVENTSTORE_ACTIONS_ALLOW: server.allow,
    };
    const run = (...words: readonly string[]) => runHere([...words, '--json'], env);
    for (const name of ['CRM', 'mail']) {
      const add = ['targets', 'add', '--name', name, '--type', 'async', '--delivery', 'durable'];
      await run(...add, '--endpoint', server.url());
    }
    await run('executions', 'set', 'event/order.*', 'crm');
    const store = await openEvents(place.env['EVENTSTORE_ACTIONS_STORE'] ?? '');
    const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
    await actions.intercept(store).append('order-1', [{ type: 'order.placed', data: {} }]);
    await actions.close();
    await run('work', '--until-idle', '--config', config);
    const listed = async (...words: readonly string[]) =>
      (JSON.parse((await run('deliveries', 'list', ...words)).stdout) as DeliveryPage).items;
    const [item] = await listed('--target', 'crm');
    expect(item).to.include({ state: 'parked' });
    expect(await listed('--target', 'mail')).to.deep.equal([]);
    for (const words of [
      ['list', '--target', 'crn'],
      ['replay', '--target', 'crn'],
      ['discard', '--target', 'crn', '--reason', 'status'],
      ['replay', '--target', 'crn', '--from', '0', '--to', '9'],
    ]) {
      const { status, stdout, stderr } = await run('deliveries', ...words);
      expect({ status, stdout }, words.join(' ')).to.deep.equal({ status: 1, stdout: '' });
      expect(stderr).to.include('TARGET_NOT_FOUND');
    }
    for (const words of [
      ['replay', 'msg_none'],
      ['discard', item?.id ?? '', 'msg_none'],
      ['replay', item?.id ?? '', '--target', 'crm'],
      ['replay', item?.id ?? '', '--from', '0'],
      ['replay', '--target', 'crm', '--reason', 'status', '--from', '0', '--to', '9'],
      ['list', '--limit', '0'],
      ['list', '--limit', '1001'],
      ['list', '--state', 'dead'],
      ['list', '--after', 'garbage'],
    ])
      expect(await run('deliveries', ...words), words.join(' ')).to.include({ status: 2, stdout: '' });
    expect(await listed('--state', 'parked')).to.have.lengthOf(1);
    const { id } = JSON.parse((await run('targets', 'show', 'crm')).stdout) as { id: string };
    await run('targets', 'remove', 'crm');
    expect(await listed('--target', id), 'of a target that was removed').to.have.lengthOf(1);
    expect((await run('deliveries', 'discard', '--target', id)).status).to.equal(0);
  });

  it('refuse a module without the expected exports, and files that are no modules, by name', async () => {
    const place = await openPlace('SQLite');
    await runHere(
      ['targets', 'add', '--name', 'crm', '--type', 'async', '--endpoint', 'https://crm.example/'],
      place.env,
    );
    const misspelt = place.file('config.mjs');
    writeFileSync(misspelt, 'export const wrok = { leaseMs: 600 };');
    const other = place.file('other.db');
    writeFileSync(other, 'this is no database'.repeat(1_000));
    const run = (deliveries: string, ...words: readonly string[]) =>
      runHere(words, { ...place.env, EVENTSTORE_ACTIONS_DELIVERIES: deliveries });
    const asked = await run(place.file('deliveries.db'), 'work', '--until-idle', '--config', misspelt);
    expect(asked).to.include({ status: 2, stdout: '' });
    expect(asked.stderr).to.include('"wrok"');
    for (const path of [other, place.file('nowhere/deliveries.db'), dirname(other)]) {
      const { status, stderr } = await run(path, 'work', '--until-idle');
      expect(status).to.equal(1);
      expect(stderr).to.include(path);
    }
  });

  it('take a period of positions or times, and refuse text that only resembles a period', async () => {
    const place = await openPlace('SQLite');
    const env = { ...place.env, EVENTSTORE_ACTIONS_DELIVERIES: place.file('deliveries.db') };
    await runHere(
      ['targets', 'add', '--name', 'crm', '--type', 'async', '--endpoint', 'https://crm.example/'],
      env,
    );
    await runHere(['work', '--until-idle'], env);
    for (const from of ['-5', 'May 1', '5 May', '2027-1-31']) {
      const asked = await runHere(
        ['deliveries', 'replay', '--target', 'crm', `--from=${from}`, '--to', '9'],
        env,
      );
      expect(asked.status, from).to.equal(2);
      expect(asked.stderr).to.include('Write a position, or a time');
    }
  });

  it('end with exit code 130 where a signal ends a run until idle, and with 0 where only a signal can end it', async () => {
    const place = await openPlace('SQLite');
    const server = await targetServer({});
    closeAfterTest(() => server.close());
    const env = {
      ...place.env,
      EVENTSTORE_ACTIONS_DELIVERIES: place.file('deliveries.db'),
      EVENTSTORE_ACTIONS_ALLOW: server.allow,
    };
    const add = ['targets', 'add', '--name', 'crm', '--type', 'async', '--delivery', 'durable'];
    await runHere([...add, '--endpoint', server.url()], env);
    await runHere(['executions', 'set', 'event/order.*', 'crm'], env);
    const store = await openEvents(place.env['EVENTSTORE_ACTIONS_STORE'] ?? '');
    await store.append('order-1', [{ type: 'order.placed', data: {} }]);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const untilIdle = await runInterrupted(['delivering', signal], ['work', '--until-idle'], env);
      expect(untilIdle.status, signal).to.equal(130);
      expect(untilIdle.stderr, signal).to.include('interrupted; the next worker delivers the rest\n');
      const endless = await runInterrupted(['delivering', signal], ['work'], env);
      expect(endless, signal).to.include({ status: 0, stderr: 'delivering\n' });
    }
  });

  it('ask where the progress is kept', async () => {
    const { status } = await runHere(['deliveries', 'status', '--store', 'sqlite:./none.db']);
    expect(status).to.not.equal(0);
  });
});
