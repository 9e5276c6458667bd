import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startDouble } from '../../eventstoredb/double/startDouble.js';

interface Run {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
  /** The files that the demo left in the folder for temporary files. */
  readonly leftovers: readonly string[];
}

interface Setting {
  /** CommonJS code that runs before the demo. */
  readonly preload?: string;
  readonly parameters?: readonly string[];
}

/** Simulates a system on which better-sqlite3 could not be installed. */
const withoutSQLite = `
  const Module = require('node:module');
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, ...rest) {
    if (request === 'better-sqlite3')
      throw Object.assign(new Error("Cannot find module 'better-sqlite3'"), { code: 'MODULE_NOT_FOUND' });
    return resolve.call(this, request, ...rest);
  };`;

async function runDemo({ preload = '', parameters = [] }: Setting = {}): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  const work = join(folder, 'work.cjs');
  writeFileSync(work, preload);
  try {
    const child = spawn(
      process.execPath,
      ['--require', work, '--import', 'tsx', 'docs/examples/demo/main.ts', ...parameters],
      { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const [output, errors, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number]>,
    ]);
    const leftovers = readdirSync(folder).filter((entry) => entry.startsWith('eventstore-actions'));
    return { status, output, errors, leftovers };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('demo', () => {
  it('agrees with its endpoints, prints plainly without a terminal, and cleans up', async () => {
    const { status, output, errors, leftovers } = await runDemo();
    expect(errors).to.equal('');
    expect(output).to.contain('Appended 322 of 329 events').and.to.contain('Every number agrees.');
    expect(output).to.contain('The archive was down while 322 events were appended');
    expect(output).to.match(/yes +322 +events appended = events that the archive took once it was back/);
    expect(output).to.match(/vetoed\s+1\s+issues\.deleted\s+403\s+issues are closed here, never deleted/);
    expect(output).not.to.contain('\u001b');
    expect(status).to.equal(0);
    expect(leftovers).to.deep.equal([]);
  });

  it('does the same on EventStoreDB, again and again', async () => {
    await using double = await startDouble();
    for (let run = 0; run < 2; run++) {
      const { status, output, errors } = await runDemo({ parameters: ['--store', double.connectionString] });
      expect(errors).to.equal('');
      expect(output).to.contain('Appended 322 of 329 events').and.to.contain('Every number agrees.');
      expect(status).to.equal(0);
    }
  }).timeout(120_000);

  it('goes on in memory when better-sqlite3 is missing, and says how to install it', async () => {
    const { status, output, errors } = await runDemo({ preload: withoutSQLite });
    expect(errors).to.contain('C++ tool chain').and.to.contain('Python 3').and.to.contain('in memory');
    expect(output)
      .to.match(/store +memory\n/)
      .and.to.contain('Every number agrees.');
    expect(status).to.equal(0);
  });
});
