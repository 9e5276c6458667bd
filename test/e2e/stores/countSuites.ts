/**
 * `npm run test:stores`: how many tests of the contract of stores, and of the suites of hooks and commands, pass
 * over each store. EVENTSTOREDB_URL and KURRENTDB_URL add a real server, by each client.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Told {
  readonly fullTitle: string;
  /** The file of a test; a hook of the whole run has none. */
  readonly file?: string;
}

interface Report {
  readonly passes: readonly Told[];
  readonly failures: readonly Told[];
}

const hooks = ['answers', 'append', 'badInput', 'bypass', 'steadyEvents'].map(
  (name) => `test/hooks/${name}.test.ts`,
);
const commands = ['results', 'targetKeys'].map((name) => `test/commands/${name}.test.ts`);
const suites = [...hooks, ...commands];
const remote = 'test/eventstoredb/adapter/contract.test.ts';

/** One process for each client: both clients in one process overwrite each other's messages. */
const runs: readonly (readonly string[])[] = [
  ['test/contract/memory.test.ts', 'test/contract/sqlite.test.ts', remote, ...suites],
  ['--require', 'test/stores/kurrentDB/underTest.ts', remote, ...suites],
  [
    '--file',
    'test/e2e/stores/postgres/postgresUnderTest.ts',
    'test/e2e/stores/postgres/contract.test.ts',
    ...suites,
  ],
];

/** The names of a store in the titles of the contract and of the other suites. */
const rows: readonly (readonly [store: string, contract: RegExp, other: RegExp])[] = [
  ['memory', /^memoryEventStore /, /[( ]memory[,) ]/],
  ['SQLite, synchronous FULL', /^sqliteEventStore \(FULL\)/, /^$/],
  ['SQLite, synchronous NORMAL', /^sqliteEventStore \(NORMAL\)/, /[( ]sqlite[,) ]/],
  ['PostgreSQL, a pool of 4', /^a pool of 4 /, /PostgreSQL/],
  ['PostgreSQL, a pool of 1', /^a pool of 1 /, /^$/],
  ['the double, client of EventStoreDB', /^fromEventStoreDB on the double/, /EventStoreDB double/],
  ['the double, client of KurrentDB', /^fromKurrentDB on the double/, /KurrentDB client on the double/],
  ['a server, client of EventStoreDB', /^fromEventStoreDB on EVENTSTOREDB_URL/, /EVENTSTOREDB_URL/],
  ['a server, client of KurrentDB', /^fromKurrentDB on KURRENTDB_URL/, /KURRENTDB_URL/],
];

function report(args: readonly string[]): Report {
  const folder = mkdtempSync(join(tmpdir(), 'counts-'));
  const output = join(folder, 'report.json');
  try {
    const { stderr } = spawnSync(
      process.execPath,
      [
        'node_modules/mocha/bin/mocha.js',
        '--reporter',
        'json',
        '--reporter-option',
        `output=${output}`,
        ...args,
      ],
      { encoding: 'utf8', timeout: 900_000 },
    );
    try {
      return JSON.parse(readFileSync(output, 'utf8')) as Report;
    } catch (cause) {
      throw new Error(`mocha gave no report: ${stderr}`, { cause });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const reports = runs.map(report);
/** Two of the runs test memory and SQLite: each title counts once. */
const count = (kind: keyof Report, ofContract: boolean, title: RegExp): number =>
  new Set(
    reports
      .flatMap((each) => each[kind])
      .filter(
        ({ file, fullTitle }) => (file ?? '').includes('contract') === ofContract && title.test(fullTitle),
      )
      .map(({ fullTitle }) => fullTitle),
  ).size;

console.log('| store | contract | hooks and commands | failed |\n| --- | --- | --- | --- |');
for (const [store, contract, other] of rows) {
  const failed = count('failures', true, contract) + count('failures', false, other);
  console.log(
    `| ${store} | ${count('passes', true, contract)} | ${count('passes', false, other)} | ${failed} |`,
  );
}
const failures = reports.flatMap((each) => each.failures);
for (const { fullTitle } of failures) console.log(`failed: ${fullTitle}`);
process.exitCode = failures.length === 0 ? 0 : 1;
