import { properties } from './properties.js';

/** A short run of each; `test/fuzz/run.ts` runs them in full. */
const shortRuns = 400;

describe('fuzzing', () => {
  for (const { name, runs, check } of properties) {
    it(name, async () => {
      await check({ numRuns: Math.min(shortRuns, runs) });
    });
  }
});
