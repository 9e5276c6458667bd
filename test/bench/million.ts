/**
 * `npm run bench:index -- [rounds]`: 1 000 000 events of which 200 000 are those of this library (100 000
 * executions, 20 000 targets) in one SQLite file, created for the run. It prints ratios of paired rounds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { benchIndexRebuilds, benchStarts } from './indexRebuilds.js';
import { benchLookUps } from './lookUps.js';
import { writeMillion } from './writeMillion.js';

const rounds = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const path = join(folder, 'events.db');
const store = sqliteEventStore({ path, synchronous: 'NORMAL' });
try {
  const startedAt = performance.now();
  await writeMillion(store);
  console.log(`wrote 1 000 000 events in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  await benchIndexRebuilds(store, folder, rounds);
  await benchStarts(store, folder, rounds);
  await benchLookUps(rounds);
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}
