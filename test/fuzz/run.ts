/**
 * All fuzz properties in full: 202 000 runs, bounded in number and in time. `node --import tsx test/fuzz/run.ts [factor]
 * [seed]`: the factor multiplies the number of runs, the seed repeats a run. Exit code 1 when one fails.
 */
import fc from 'fast-check';

import { properties } from './properties.js';

const factor = Number(process.argv[2] ?? 1);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);
const minutes = 10;

console.log(`seed ${seed}`);
let total = 0;
for (const { name, runs, check } of properties) {
  const numRuns = Math.max(1, Math.round(runs * factor));
  const startedAt = performance.now();
  try {
    await check({
      numRuns,
      seed,
      plugins: [fc.interruptAfterTimeLimit(minutes * 60_000, { failOnInterrupt: true })],
    });
    total += numRuns;
    console.log(
      `${String(numRuns).padStart(7)} runs  ${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${name}`,
    );
  } catch (error) {
    console.error(`FAILED: ${name}\n${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
console.log(`${total} runs`);
