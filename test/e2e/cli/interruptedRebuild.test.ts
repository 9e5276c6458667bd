import Database from 'better-sqlite3';
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { executionSet } from '../../support/recordedEvents.js';
import { interruptAt } from './interruptAt.js';
import { runProgram, useProgram } from './program.js';
import { runHere } from './runHere.js';
import { openPlace, type Place } from './stores.js';

const written = 20_000;

/** An index of many events that lacks a target, and so differs from a rebuilt one. */
async function openDamaged(): Promise<Place> {
  const place = await openPlace('SQLite');
  const { env, file } = place;
  const declared = 'targets: { crm: { type: webhook, endpoint: "https://crm.example/" } }';
  expect((await runHere(['apply', '-', '--yes'], env, declared)).status).to.equal(0);
  const store = sqliteEventStore({ path: file('events.db') });
  const event = { type: 'execution.set', data: executionSet('crm') as never };
  for (let count = 0; count < written; count += 500)
    await store.append(
      'actions.execution-default.event/a',
      Array.from({ length: 500 }, () => event),
    );
  await store.close();
  const caughtUp = await runHere(['executions', 'list', '--json'], env);
  expect(JSON.parse(caughtUp.stdout)).to.include({ total: 1 });
  const index = new Database(file('index.db'));
  expect(index.prepare('DELETE FROM target').run().changes).to.equal(1);
  index.close();
  return place;
}

/** Each read of the clock gives a time two seconds later, so that progress is printed at once on every machine. */
function hurriedClock(file: string): string {
  writeFileSync(
    file,
    `const { performance } = require('node:perf_hooks');
     let now = 0;
     performance.now = () => (now += 2_000);`,
  );
  return `--require=${file}`;
}

function interrupting({ env, file }: Place) {
  const { NODE_OPTIONS } = interruptAt(' events, ', file('interrupt.cjs'));
  return { ...env, NODE_OPTIONS: `${NODE_OPTIONS} ${hurriedClock(file('clock.cjs'))}` };
}

const rowsOf = ({ file }: Place, tables: readonly string[]): readonly number[] => {
  const index = new Database(file('index.db'), { readonly: true });
  const count = (table: string) =>
    index.prepare<[], { readonly count: number }>(`SELECT count(*) AS count FROM ${table}`).get()?.count ??
    NaN;
  const counts = tables.map(count);
  index.close();
  return counts;
};

describe('a rebuild that is interrupted', () => {
  useProgram();

  it('says so, leaves the old index and no lock, and the next rebuild is clean', async () => {
    const place = await openDamaged();
    const run = await runProgram(['projection', 'rebuild'], { env: interrupting(place) });
    expect(run).to.include({ status: 130, stdout: '' });
    expect(run.stderr).to.match(/^error: interrupted; nothing was changed: the old index stays in use/m);
    const counts = [...run.stderr.matchAll(/ (?<count>[\d,]+) events, /g)];
    const read = Number(counts.at(-1)?.groups?.['count']?.replaceAll(',', ''));
    expect(read, 'ended in the middle').to.be.above(0).and.below(written);
    expect(rowsOf(place, ['building', 'current', 'target', 'execution'])).to.deep.equal([0, 1, 0, 1]);

    const compared = await runHere(['projection', 'verify', '--json'], place.env);
    expect(compared.status, 'the old index, as it was').to.equal(3);
    const { drift } = JSON.parse(compared.stdout) as { drift: readonly object[] };
    expect(drift).to.have.length(1);
    expect(drift[0]).to.include({ kind: 'target', difference: 'missing' });

    const again = await runProgram(['projection', 'rebuild', '--json'], { env: place.env });
    expect(again, again.stderr).to.include({ status: 0, stderr: '' });
    expect(JSON.parse(again.stdout)).to.have.property('drift').with.length(1);
    expect((await runHere(['projection', 'verify'], place.env)).status).to.equal(0);
    expect(rowsOf(place, ['building', 'current', 'generation', 'target'])).to.deep.equal([0, 1, 1, 1]);
  }).timeout(120_000);

  it('stops a comparison likewise', async () => {
    const place = await openDamaged();
    const run = await runProgram(['projection', 'verify'], { env: interrupting(place) });
    expect(run).to.include({ status: 130, stdout: '' });
    expect(run.stderr).to.include('the next run starts at the first event');
  }).timeout(120_000);
});
