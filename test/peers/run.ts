/**
 * Runs the suites of each peer with the lowest version that package.json accepts: `npm run test:peers`, or
 * `npm run test:peers -- express` for those whose name has this word. Installs from the npm registry. Ends non-zero where a suite
 * fails.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lowestPeers, type LowestPeer } from './lowest.js';

const cache = resolve('node_modules/.cache/eventstore-actions-peers');
const longestMs = 600_000;

function run(program: string, parameters: readonly string[], cwd: string): number {
  const { status, error } = spawnSync(program, parameters, { cwd, stdio: 'inherit', timeout: longestMs });
  if (error !== undefined) process.stderr.write(`${error.message}\n`);
  return status ?? 1;
}

const nameOf = (spec: string): string => spec.slice(0, spec.lastIndexOf('@'));

function install(packages: readonly string[]): string {
  const folder = join(cache, packages.join('+').replaceAll('/', '-'));
  if (packages.every((spec) => existsSync(join(folder, 'node_modules', nameOf(spec))))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--loglevel=error'];
  if (run('npm', ['install', ...quiet, ...packages], folder) !== 0)
    throw new Error(`${packages.join(' ')} could not be installed`);
  return folder;
}

/** Names of installed packages, with their scope. */
const packagesIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(folder, name)).map((each) => `${name}/${each}`) : [name],
    );

/** A copy of the sources and tests, in which these names are the installed versions and all others are the repository's. */
function overlay({ packages, aliases = {} }: LowestPeer, installed: string): string {
  const folder = join(cache, `overlay-${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  for (const name of [
    'src',
    'test',
    'docs',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    '.mocharc.json',
  ])
    cpSync(name, join(folder, name), { recursive: true });
  const replaced = new Map(
    packages.map(nameOf).map((name) => [aliases[name] ?? name, join(installed, 'node_modules', name)]),
  );
  for (const name of packagesIn(resolve('node_modules'))) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(resolve(place, '..'), { recursive: true });
    symlinkSync(replaced.get(name) ?? resolve('node_modules', name), place);
  }
  return folder;
}

function test(peer: LowestPeer): boolean {
  const folder = overlay(peer, install(peer.packages));
  process.stdout.write(`== ${peer.packages.join(' ')}\n`);
  const status = run(
    process.execPath,
    [
      resolve('node_modules/mocha/bin/mocha.js'),
      '--reporter',
      'dot',
      ...(peer.lacks === undefined ? [] : ['--fgrep', peer.lacks, '--invert']),
      ...peer.suites,
    ],
    folder,
  );
  process.stdout.write(
    `== ${peer.packages.join(' ')}: ${status === 0 ? 'passed' : `ended with ${status}`}\n`,
  );
  return status === 0;
}

const words = process.argv.slice(2);
const asked = lowestPeers.filter(
  ({ packages }) => words.length === 0 || words.some((word) => packages.join(' ').includes(word)),
);
const failed = asked.filter((peer) => !test(peer)).flatMap(({ packages }) => packages);
rmSync(join(cache, `overlay-${process.pid}`), { recursive: true, force: true });
process.stdout.write(`== failed: ${failed.join(', ') || 'none'}, of ${asked.length}\n`);
process.exitCode = failed.length === 0 && asked.length > 0 ? 0 : 1;
