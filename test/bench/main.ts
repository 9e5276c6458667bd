/**
 * Measures what the library costs, as ratios against a floor and a peer in the same run: `npm run bench -- [rounds]`.
 * Rounds are paired and interleaved; a bare time on a shared machine would say nothing. The code is compiled first,
 * since a loader would cost each call some microseconds. Each part runs in a process of its own, since the heap of
 * one part would slow down the next.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchCalled, benchCalledOnDisk, benchUnmatched } from './appends.js';
import { benchEventStoreDB } from './eventStoreDB.js';
import { benchRebuilds } from './rebuilds.js';

const parts: Readonly<Record<string, (rounds: number) => Promise<void>>> = {
  unmatched: benchUnmatched,
  called: benchCalled,
  calledOnDisk: benchCalledOnDisk,
  eventStoreDB: benchEventStoreDB,
  rebuilds: benchRebuilds,
};

const [rounds = '9', only] = process.argv.slice(2);
const run = (...parameters: readonly string[]) =>
  spawnSync(process.execPath, ['--expose-gc', ...parameters], { stdio: 'inherit' });

if (only !== undefined) await parts[only]?.(Number(rounds));
else {
  for (const part of Object.keys(parts)) run(fileURLToPath(import.meta.url), rounds, part);
  run(fileURLToPath(new URL('http.js', import.meta.url)), rounds);
}
