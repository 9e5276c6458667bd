import Database from 'better-sqlite3';
import { expect } from 'chai';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { runHere } from './runHere.js';
import { openPlace, type Place } from './stores.js';

async function openConfigured(): Promise<Place> {
  const place = await openPlace('SQLite');
  const declared = `
targets:
  crm: { type: webhook, endpoint: "https://crm.example/" }
  audit: { type: async, endpoint: "https://audit.example/" }
executions:
  event: [crm, audit]
`;
  expect((await runHere(['apply', '-', '--yes'], place.env, declared)).status).to.equal(0);
  return place;
}

/** Writes to the store from another process than the program. */
async function append({ file }: Place, stream: string, type: string, data: object): Promise<void> {
  const store = sqliteEventStore({ path: file('events.db') });
  await store.append(stream, [{ type, data: data as never }]);
  await store.close();
}

/** Deletes a row of the index, as a faulty disk might. */
function loseTarget({ file }: Place, name: string): void {
  const index = new Database(file('index.db'));
  expect(index.prepare('DELETE FROM target WHERE name = ?').run(name).changes).to.equal(1);
  index.close();
}

const document = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe('projection', () => {
  it('finds drift with exit code 3, changes nothing by the search, and mends the drift by a rebuild', async () => {
    const place = await openConfigured();
    const { env } = place;
    loseTarget(place, 'audit');
    for (const _time of ['first', 'second']) {
      const verified = await runHere(['projection', 'verify', '--json'], env);
      expect(verified.status).to.equal(3);
      expect(document(verified.stdout)['drift']).to.have.length(1);
    }
    const shown = await runHere(['projection', 'verify'], env);
    expect(shown.stdout).to.match(/default +target +[0-9a-f-]{36} +missing/);
    const rebuilt = await runHere(['projection', 'rebuild'], env);
    expect(rebuilt.status).to.equal(0);
    expect(rebuilt.stdout).to.include('the drift above is repaired');
    expect((await runHere(['projection', 'verify'], env)).status).to.equal(0);
    const explained = document((await runHere(['explain', 'event/a', '--json'], env)).stdout);
    expect(explained['targets']).to.have.length(2);
  });

  it('shows events that could not be read, with stream, revision and reason, and exit code 3', async () => {
    const place = await openConfigured();
    await append(place, 'actions.target-default.broken', 'target.added', { name: 7 });
    const run = await runHere(['projection', 'status', '--json'], place.env);
    expect(run.status).to.equal(3);
    const { failedEvents, connected, caughtUp } = document(run.stdout);
    expect([connected, caughtUp]).to.deep.equal([true, true]);
    expect(failedEvents).to.have.length(1);
    const shown = await runHere(['projection', 'status'], place.env);
    expect(shown.stdout).to.include('actions.target-default.broken').and.include('target.added');
    expect((await runHere(['targets', 'list', '--json'], place.env)).status, 'the rest goes on').to.equal(0);
  });

  it('receives events of other processes, and shows its position', async () => {
    const place = await openConfigured();
    const before = document((await runHere(['projection', 'status', '--json'], place.env)).stdout);
    await append(place, 'order-1', 'order.placed', {});
    const after = document((await runHere(['projection', 'status', '--json'], place.env)).stdout);
    expect(Number(after['head'])).to.equal(Number(before['head']) + 1);
    expect(after).to.deep.include({ lagPositions: '0', connected: true, targets: 2, executions: 1 });
  });

  it('gives up on a store that does not exist', async () => {
    const { env } = await openPlace('SQLite');
    // No server listens on port 1 of this machine.
    const elsewhere = {
      ...env,
      EVENTSTORE_ACTIONS_STORE: 'esdb://127.0.0.1:1?tls=false&maxDiscoverAttempts=1',
    };
    for (const command of [
      ['targets', 'list'],
      ['projection', 'rebuild'],
    ]) {
      const run = await runHere([...command, '--json'], elsewhere);
      expect(run.status).to.equal(1);
      expect(document(run.stderr)).to.nested.include({ 'error.code': 'EVENT_STORE_UNAVAILABLE' });
    }
    const status = await runHere(['projection', 'status', '--wait', '200ms', '--json'], elsewhere);
    expect(status.status).to.equal(3);
    expect(document(status.stdout)).to.include({ connected: false, caughtUp: false });
  });
});
