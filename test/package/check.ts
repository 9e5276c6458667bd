/**
 * The package as its users get it: packed, installed into an empty folder without the optional dependencies,
 * imported in plain Node, and compiled against. Run with `npm run check:package`; ends non-zero at the first fault.
 * `npm run check:package -- <file>` keeps the packed package in a file.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { compile } from './compile.js';
import { importInNode } from './importInNode.js';
import { run } from './run.js';
import { surface, type Subpath } from './surface.js';

/** A path, or a path for each condition. */
type Entry = string | { readonly [condition: string]: Entry };

interface PackageJSON {
  readonly name: string;
  readonly exports: Readonly<Record<string, Entry>>;
  readonly typesVersions: { readonly '*': Readonly<Record<string, readonly string[]>> };
}

const packageJSON = JSON.parse(readFileSync('package.json', 'utf8')) as PackageJSON;
const folder = mkdtempSync(join(tmpdir(), 'package-'));

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const pathsOf = (entry: Entry): readonly string[] =>
  typeof entry === 'string' ? [entry] : Object.values(entry).flatMap(pathsOf);

const pageFolder = 'dist/console/page/';
/** The limit of all files of the console's page together, each compressed. Bytes. */
const largestPage = 150_000;

/** Checks that the page is complete and within its limit. */
function checkPage(files: readonly string[]): void {
  assert(files.includes(`${pageFolder}index.html`), 'the page of the console is not packed');
  const named = readFileSync(`${pageFolder}index.html`, 'utf8').matchAll(/(?:src|href)="(?:\.\/)?([^"]+)"/g);
  for (const [, name = ''] of named) assert(files.includes(`${pageFolder}${name}`), `${name} is not packed`);
  const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
  assert(size <= largestPage, `the page of the console has ${size} bytes, compressed`);
  say(`the console's page: ${files.length} files, ${Math.round(size / 1_000)} kB compressed`);
}

function pack(): string {
  const output = run('npm', ['pack', '--json', '--pack-destination', folder]);
  const [packed] = JSON.parse(output.slice(output.indexOf('[\n'))) as {
    filename: string;
    size: number;
    files: { path: string }[];
  }[];
  assert(packed);
  const files = packed.files.map(({ path }) => path);
  const allowed =
    /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md|docs\/.+|dist\/.+\.(?:js|cjs|d\.ts|d\.cts)(?:\.map)?|dist\/console\/page\/.+\.(?:html|js|css|svg|png|txt))$/;
  assert.deepEqual(
    files.filter((file) => !allowed.test(file) || /\.test\./.test(file)),
    [],
    'files that do not belong',
  );
  for (const target of Object.values(packageJSON.exports).flatMap(pathsOf))
    if (target.startsWith('./dist/'))
      assert(files.includes(target.slice(2)), `${target} is exported but not packed`);
  for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md'])
    assert(files.includes(file), `${file} is not packed`);
  checkPage(files.filter((file) => file.startsWith(pageFolder)));
  say(`packed: ${files.length} files, ${Math.round(packed.size / 1024)} kB`);
  return join(folder, packed.filename);
}

async function lintPackage(tarball: string): Promise<void> {
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(readFileSync(tarball)).buffer },
    strict: true,
  });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg)),
    [],
    'publint',
  );
  say('publint: nothing to say');
}

function newConsumer(): string {
  const consumer = join(folder, 'consumer');
  mkdirSync(consumer);
  writeFileSync(join(consumer, 'package.json'), '{ "private": true, "type": "module" }');
  return consumer;
}

function install(consumer: string, ...packages: readonly string[]): void {
  run(
    'npm',
    ['install', '--omit=optional', '--no-audit', '--no-fund', '--prefer-offline', ...packages],
    consumer,
  );
}

function importSubpaths(consumer: string, subpaths: readonly (readonly [string, Subpath])[]): void {
  for (const [subpath, { values, loads }] of subpaths) {
    const { names, loaded } = importInNode(consumer, packageJSON.name, subpath);
    assert.deepEqual(
      values.filter((name) => !names.includes(name)),
      [],
      `${subpath} does not export these`,
    );
    assert(!names.includes('default'), `${subpath} has a default export`);
    assert.deepEqual(
      loaded.filter((name) => !loads.includes(name)),
      [],
      `${subpath} loads what it does not need`,
    );
    say(
      `import ${join(packageJSON.name, subpath)}: ${names.length} exports, loads ${loaded.join(', ') || 'no package'}`,
    );
  }
}

try {
  const tarball = pack();
  const kept = process.argv[2];
  if (kept !== undefined) copyFileSync(tarball, kept);
  await lintPackage(tarball);
  const subpaths = Object.keys(packageJSON.exports).filter((subpath) => subpath !== './package.json');
  assert.deepEqual(
    subpaths.toSorted(),
    Object.keys(surface).toSorted(),
    'surface.ts has a row for every subpath',
  );
  assert.deepEqual(
    subpaths.filter((subpath) => {
      const entry = packageJSON.exports[subpath] as { readonly types: string; readonly require?: unknown };
      const [types] = packageJSON.typesVersions['*'][subpath.slice(2)] ?? [];
      return entry.require === undefined || (subpath !== '.' && types !== entry.types);
    }),
    [],
    'subpaths without "require" in exports or without a row in typesVersions',
  );
  const consumer = newConsumer();
  install(consumer, '@types/node@20', tarball);
  say('installed: without optional dependencies and frameworks');
  importSubpaths(
    consumer,
    Object.entries(surface).filter(([, { beside }]) => beside === undefined),
  );
  install(consumer, ...Object.values(surface).flatMap(({ beside = [] }) => beside));
  say('installed: the frameworks too');
  importSubpaths(
    consumer,
    Object.entries(surface).filter(([, { beside }]) => beside !== undefined),
  );
  for (const moduleResolution of ['node16', 'bundler'] as const) {
    assert.deepEqual(compile(consumer, resolve('.'), packageJSON.name, moduleResolution), [], 'type errors');
    say(`types: resolve under moduleResolution ${moduleResolution}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
