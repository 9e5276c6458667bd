/**
 * Measures what the library costs, as ratios against a floor and a peer in the same run: `npm run bench -- [rounds]`.
 * Rounds are paired and interleaved; a bare time on a shared machine would say nothing.
 */
import { benchAppends } from './appends.js';
import { benchEventStoreDB } from './eventStoreDB.js';
import { benchRebuilds } from './rebuilds.js';

const rounds = Number(process.argv[2] ?? 9);
await benchAppends(rounds);
await benchEventStoreDB(rounds);
await benchRebuilds(rounds);
