import { expect } from 'chai';
import { mkdirSync, readdirSync } from 'node:fs';
import { startDouble } from '../../../eventstoredb/double/startDouble.js';
import { closeAfterTest } from '../../../support/closings.js';
import { interruptAt } from '../interruptAt.js';
import { runInTerminal, runProgram, useProgram } from '../program.js';
import { openPlace } from '../stores.js';

interface Document {
  readonly events: number;
  readonly appended: number;
  readonly vetoed: readonly { readonly type: string; readonly status: number }[];
  readonly endpoints: Readonly<Record<string, { readonly received: number; readonly verified: number }>>;
  readonly checks: readonly { readonly here: number; readonly there: number }[];
  readonly agreed: boolean;
}

/** A place with a folder for temporary files, so that a test finds files that are left in it. */
async function openDemoPlace() {
  const { file, env } = await openPlace('SQLite');
  mkdirSync(file('tmp'));
  return {
    file,
    env: { ...env, TMPDIR: file('tmp') },
    leftovers: () => readdirSync(file('tmp')).filter((name) => name.startsWith('eventstore-actions')),
  };
}

function expectAgreement({ events, appended, vetoed, endpoints, checks, agreed }: Document): void {
  expect({ events, appended, vetoed: vetoed.length, agreed }).to.deep.equal({
    events: 329,
    appended: 322,
    vetoed: 7,
    agreed: true,
  });
  expect(endpoints['audit']).to.include({ received: 322, verified: 322 });
  expect(endpoints['archive']?.received).to.be.above(322);
  expect(checks).to.have.length.above(20);
  for (const { here, there } of checks) expect(here).to.equal(there);
}

describe('the demo of the built program', () => {
  useProgram();

  it('prints the counts of both sides for a script, and ignores the variables of the environment', async () => {
    const { env, file, leftovers } = await openDemoPlace();
    const run = await runProgram(['demo', '--json'], { env });
    expect([run.status, run.stderr]).to.deep.equal([0, '']);
    expectAgreement(JSON.parse(run.stdout) as Document);
    expect(leftovers()).to.deep.equal([]);
    expect(readdirSync(file('.'))).to.deep.equal(['tmp']);
  }).timeout(120_000);

  it('is coloured in a terminal, and plain where NO_COLOR is set', async () => {
    const { env } = await openDemoPlace();
    const live = await runInTerminal(['demo'], { env });
    expect(live.stdout).to.include('\u001b[32mEvery number agrees.');
    const plain = await runInTerminal(['demo'], { env: { ...env, NO_COLOR: '1' } });
    expect(plain.stdout).to.include('Every number agrees.').and.not.include('\u001b');
    expect([live.status, plain.status]).to.deep.equal([0, 0]);
  }).timeout(120_000);

  it('runs on the named store, repeatedly', async () => {
    const double = await startDouble();
    closeAfterTest(() => double.close());
    const { env, file } = await openDemoPlace();
    for (const location of [double.connectionString, `sqlite:${file('mine.db')}`])
      for (let time = 0; time < 2; time++) {
        const run = await runProgram(['demo', '--json', '--store', location], { env });
        expect([run.status, run.stderr]).to.deep.equal([0, '']);
        expectAgreement(JSON.parse(run.stdout) as Document);
      }
  }).timeout(240_000);

  it('leaves nothing behind when it is interrupted', async () => {
    const { env, file, leftovers } = await openDemoPlace();
    const run = await runProgram(['demo'], {
      env: { ...env, ...interruptAt('Rules:', file('interrupt.cjs')) },
    });
    expect(run.stderr).to.equal('error: interrupted; what was done so far stays\n');
    expect(run.status).to.equal(130);
    expect(run.stdout).to.not.include('agree');
    expect(leftovers()).to.deep.equal([]);
  });

  it('does not start on a wrong command line', async () => {
    const { env } = await openDemoPlace();
    for (const [parameters, says] of [
      [['demo', 'orders'], 'too many arguments'],
      [['demo', '--fast'], 'unknown option'],
      [['demo', '--store', 'mysql://db'], 'sqlite:<path>'],
    ] as const) {
      const run = await runProgram([...parameters, '--json'], { env });
      expect(run).to.include({ status: 2, stdout: '' });
      expect((JSON.parse(run.stderr) as { error: object }).error).to.include({ code: 'USAGE' });
      expect(run.stderr).to.include(says);
    }
  });
});
