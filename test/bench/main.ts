/**
 * Measures what the library costs, as ratios against a floor and a peer in the same run: `npm run bench -- [rounds]`.
 * Rounds are paired and interleaved; a bare time on a shared machine would say nothing. Compiled first: a loader would cost
 * the calls some microseconds each.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { benchAppends } from './appends.js';
import { benchEventStoreDB } from './eventStoreDB.js';
import { benchRebuilds } from './rebuilds.js';

const rounds = Number(process.argv[2] ?? 9);
await benchAppends(rounds);
await benchEventStoreDB(rounds);
await benchRebuilds(rounds);
// It forks a server of its own, and runs as a program.
spawnSync(process.execPath, [fileURLToPath(new URL('http.js', import.meta.url)), String(rounds)], {
  stdio: 'inherit',
});
