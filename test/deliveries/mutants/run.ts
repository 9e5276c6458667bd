/**
 * `npm run mutants:deliveries -- [words]`: breaks each rule of durable delivery on purpose, in a copy of the
 * sources, and runs the test that has to fail. Each test passes first on unchanged sources. Ends with 1 where a
 * mutant survives.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Mutant } from './mutant.js';
import { mutants } from './table.js';

const words = process.argv.slice(2).join(' ');
const folder = mkdtempSync(join(tmpdir(), 'mutants-'));

/** Whether the test passes in the copy; `undefined` where no test has that title. */
function passes({ file, title }: Mutant['test']): boolean | undefined {
  const flags = ['--exit', '--timeout', '20000', '--reporter', 'json', file, '--fgrep', title];
  const { stdout } = spawnSync(process.execPath, ['node_modules/mocha/bin/mocha.js', ...flags], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 67_108_864,
  });
  const report = /"passes": (\d+)[^]*?"failures": (\d+)/.exec(stdout.slice(0, 2_000));
  // A mutant may leave work that keeps the run from ending: that counts as a failure.
  if (!report) return false;
  return Number(report[1]) + Number(report[2]) === 0 ? undefined : Number(report[2]) === 0;
}

try {
  for (const name of ['src', 'test', 'package.json', 'tsconfig.json', '.mocharc.json'])
    cpSync(name, join(folder, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  let alive = 0;
  for (const { what, edits, test } of mutants) {
    if (!what.includes(words)) continue;
    const isSound = passes(test);
    const before = new Map(edits.map(({ file }) => [file, readFileSync(join(folder, file), 'utf8')]));
    for (const { file, from, to } of edits) {
      const path = join(folder, file);
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace(from, () => to),
      );
    }
    const isKilled = isSound === true && passes(test) === false;
    for (const [file, text] of before) writeFileSync(join(folder, file), text);
    if (!isKilled) alive++;
    console.log(
      `${isKilled ? 'killed' : isSound === true ? 'ALIVE' : 'NO SUCH TEST'}  ${what}: ${test.title}`,
    );
  }
  if (alive > 0) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
