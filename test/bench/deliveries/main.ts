/**
 * `npm run bench:deliveries -- [rounds] [part]`: durable delivery against its floors and aims, in one run;
 * `million` alone, as its size
 * is the second word: `npm run bench:deliveries -- 100000 million`. Each part in a process of its own.
 */
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { benchAppends } from './appends.js';
import { benchBeside } from './beside.js';
import { benchLanes } from './lanes.js';
import { benchMillion } from './million.js';
import { benchRate } from './rate.js';
import { benchScale } from './scale.js';
import { benchTakeover } from './takeover.js';

const parts: Readonly<Record<string, (count: number) => Promise<void>>> = {
  rate: benchRate,
  appends: benchAppends,
  scale: benchScale,
  takeover: benchTakeover,
  beside: benchBeside,
  lanes: benchLanes,
};
/** The heap limit, which makes growing memory fail the run. MB. */
const millionHeap = 200;

const [count = '5', only] = process.argv.slice(2);
const file = fileURLToPath(import.meta.url);
const run = (part: string, ...flags: readonly string[]) => {
  const { status } = spawnSync(process.execPath, ['--expose-gc', ...flags, file, count, part, 'here'], {
    stdio: 'inherit',
    timeout: 1_200_000,
  });
  if (status !== 0) process.exitCode = 1;
};

if (process.argv[4] === 'here')
  await (only === 'million' ? benchMillion : parts[only ?? ''])?.(Number(count));
else {
  console.log(`load ${loadavg()[0]?.toFixed(1)}`);
  if (only === 'million') run(only, `--max-old-space-size=${millionHeap}`);
  else for (const part of only === undefined ? Object.keys(parts) : [only]) run(part);
}
