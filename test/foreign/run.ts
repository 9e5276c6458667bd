/**
 * Runs Emmett's own suites of the store in memory and of command handling, bare and with the hook in front of the store:
 * `npm run test:foreign -- <folder of a clone of Emmett>`. Its published packages bring no tests. Ends non-zero where the hook
 * makes a difference, or where no target was called.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const [given] = process.argv.slice(2);
const folder = resolve(given ?? '');
const suites = [
  'src/packages/emmett/src/commandHandling',
  'src/packages/emmett/src/eventStore',
  'src/packages/emmett-tests/src/eventStore/inMemory',
];
const longestMs = 300_000;

interface Outcome {
  readonly status: number;
  readonly passed: number;
  readonly failed: number;
  readonly calls: number;
  readonly output: string;
}

function run(files: readonly string[], hook: 'on' | 'off'): Outcome {
  const place = mkdtempSync(join(tmpdir(), 'foreign-'));
  const calls = join(place, 'calls');
  writeFileSync(calls, '');
  try {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        '--import',
        'tsx',
        '--import',
        resolve('test/foreign/register.js'),
        '--test',
        '--test-force-exit',
        ...files,
      ],
      {
        env: { ...process.env, EMMETT_FOLDER: folder, EMMETT_HOOK: hook, EMMETT_CALLS: calls },
        encoding: 'utf8',
        timeout: longestMs,
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    const count = (word: string): number =>
      Number(new RegExp(`^\\W*${word} (\\d+)`, 'm').exec(stdout)?.[1] ?? 0);
    return {
      status: status ?? 1,
      passed: count('pass'),
      failed: count('fail'),
      calls: readFileSync(calls, 'utf8').length,
      output: stdout + stderr,
    };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

const files = suites
  .map((suite) => join(folder, suite))
  .filter((place) => existsSync(place))
  .flatMap((place) =>
    readdirSync(place, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.unit.spec.ts'))
      .map((name) => join(place, name)),
  );
if (given === undefined || files.length === 0) {
  process.stderr.write(
    `npm run test:foreign -- <folder of a clone of Emmett>; there are no suites in ${folder}\n`,
  );
  process.exitCode = 2;
} else {
  const [bare, hooked] = [run(files, 'off'), run(files, 'on')];
  for (const [name, { passed, failed, calls }] of Object.entries({ bare, hooked }))
    process.stdout.write(`== ${name}: ${passed} passed, ${failed} failed, ${calls} calls of a target\n`);
  const isSame = bare.passed === hooked.passed && bare.failed === hooked.failed && bare.passed > 0;
  if (!isSame) process.stdout.write(hooked.output);
  process.exitCode = isSame && hooked.calls > 0 ? 0 : 1;
}
