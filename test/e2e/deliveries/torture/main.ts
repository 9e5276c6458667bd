import { Command } from 'commander';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '../../stores/postgres/postgresServer.js';
import { openDouble } from './openDouble.js';
import { runTorture } from './runTorture.js';

/** Kills and freezes workers while targets fail, then compares the log of the receiver with the event store. */
const options = new Command('npm run torture:deliveries --')
  .option('--seconds <count>', 'how long to disturb the workers', Number, 60)
  .option('--workers <count>', 'workers at once', Number, 4)
  .option('--events <count>', 'events to append', Number, 2_000)
  .option('--streams <count>', 'streams to append them to', Number, 200)
  .option('--seed <number>', 'repeats the choices of a run', Number, Date.now() % 1_000_000)
  .option(
    '--freezes <share>',
    'share of disturbances that freeze a worker instead of killing it',
    Number,
    0.15,
  )
  .option('--store <store>', 'sqlite, double, postgres, or a URL of EventStoreDB or PostgreSQL', 'sqlite')
  .parse()
  .opts<{
    seconds: number;
    workers: number;
    events: number;
    streams: number;
    seed: number;
    freezes: number;
    store: string;
  }>();

const folder = await mkdtemp(join(tmpdir(), 'deliveries-'));
const double = options.store === 'double' ? await openDouble() : undefined;
const postgres = options.store === 'postgres' ? await startPostgres() : undefined;
const location =
  options.store === 'sqlite'
    ? `sqlite:${folder}`
    : (double?.connectionString ?? postgres?.connectionString ?? options.store);
console.log(`seed ${options.seed}`);
try {
  const startedAt = performance.now();
  const result = await runTorture({ ...options, location, tell: (line) => console.log(line) });
  const { violations, ...figures } = result;
  console.log(JSON.stringify({ ...figures, seconds: Math.round((performance.now() - startedAt) / 1_000) }));
  for (const violation of violations.slice(0, 20)) console.log(violation);
  if (violations.length > 0 || result.left > 0) {
    const kinds = new Set(violations.map((violation) => violation.slice(0, 2)));
    for (const kind of kinds)
      console.log(`${kind}: ${violations.filter((violation) => violation.startsWith(kind)).length}`);
    console.log(`${violations.length} violations, ${result.left} left`);
    process.exitCode = 1;
  } else console.log('I1 to I6 and I9 hold');
} finally {
  await double?.close();
  await postgres?.remove();
  await rm(folder, { recursive: true, force: true });
}
