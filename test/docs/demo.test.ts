import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

interface Run {
  readonly status: number;
  readonly output: string;
  /** What the demo left behind in the folder for temporary files. */
  readonly leftovers: readonly string[];
}

/** Stands in for a system on which better-sqlite3 could not be installed. */
const withoutSQLite = `
  const Module = require('node:module');
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, ...rest) {
    if (request === 'better-sqlite3')
      throw Object.assign(new Error("Cannot find module 'better-sqlite3'"), { code: 'MODULE_NOT_FOUND' });
    return resolve.call(this, request, ...rest);
  };`;

async function runDemo(preload = ''): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  const work = join(folder, 'work.cjs');
  writeFileSync(work, preload);
  try {
    const child = spawn(
      process.execPath,
      ['--require', work, '--import', 'tsx', 'docs/examples/demo/main.ts'],
      { env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const [output, errors, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number]>,
    ]);
    const leftovers = readdirSync(folder).filter((entry) => entry.startsWith('eventstore-actions'));
    return { status, output: output + errors, leftovers };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('demo', () => {
  it('agrees with its endpoints, prints plainly where nobody looks at a terminal, and cleans up', async () => {
    const { status, output, leftovers } = await runDemo();
    expect(output).to.contain('Appended 322 of 329 events').and.to.contain('Every number agrees.');
    expect(output).to.match(/vetoed\s+1\s+issues\.deleted\s+403\s+issues are closed here, never deleted/);
    expect(output).not.to.contain('\u001b');
    expect(status).to.equal(0);
    expect(leftovers).to.deep.equal([]);
  }).timeout(60_000);

  it('says what to do where better-sqlite3 is missing', async () => {
    const { status, output } = await runDemo(withoutSQLite);
    expect(output).to.contain('C++ tool chain').and.to.contain('Python 3').and.not.to.contain('    at ');
    expect(status).to.equal(1);
  }).timeout(60_000);
});
