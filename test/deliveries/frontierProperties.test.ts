import fc from 'fast-check';
import { shortLeaseMs } from './openDeliveries.js';
import { runFrontier, type FrontierRun, type Step } from './frontierRun.js';

const append: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('append' as const),
  stream: fc.nat(4),
  failures: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }) },
  ),
  isPoison: fc.nat(9).map((draw) => draw === 0),
});
const disturbance: fc.Arbitrary<Step> = fc.constantFrom('crash', 'pause', 'resume').map((kind) => ({ kind }));
const run: fc.Arbitrary<FrontierRun> = fc.record({
  steps: fc.array(fc.oneof({ weight: 14, arbitrary: append }, { weight: 1, arbitrary: disturbance }), {
    minLength: 10,
    maxLength: 60,
  }),
  options: fc
    .record({
      depth: fc.integer({ min: 1, max: 4 }),
      window: fc.integer({ min: 2, max: 16 }),
      coldLanes: fc.integer({ min: 1, max: 8 }),
      perTarget: fc.integer({ min: 1, max: 4 }),
      failures: fc.integer({ min: 2, max: 10 }),
      readers: fc.integer({ min: 1, max: 4 }),
    })
    .map((drawn) => ({
      ...drawn,
      commitMs: 2,
      leaseMs: shortLeaseMs,
      drainMs: 0,
      probeMs: 5,
      retry: { attempts: 1_000, permanentAttempts: 2, firstDelayMs: 1, maxDelayMs: 5 },
    })),
});

describe('invariant F', () => {
  it('holds at every commit, while workers die between commits and targets fail and are paused', async () => {
    await fc.assert(fc.asyncProperty(run, runFrontier), { numRuns: 30, interruptAfterTimeLimit: 90_000 });
  }).timeout(240_000);
});
