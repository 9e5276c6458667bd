import { expect } from 'chai';
import { systemClock } from '../../../src/lib/clock.js';
import type { Clock } from '../../../src/ports.js';
import { startDouble } from '../../eventstoredb/double/startDouble.js';
import { refusingTarget } from '../../eventstoredb/adapter/refusingTarget.js';
import { compare, runWorkload } from '../../eventstoredb/adapter/workload.js';
import { connect, intercept, storeOn } from '../../stores/eventStoreDB/clientUnderTest.js';
import { until } from '../../support/conditions.js';

/**
 * Gives up on an append without an answer after 0.44 s instead of 22 s. A slow answer then causes a repeat, which
 * writes nothing twice.
 */
function hurried(): Clock {
  const clock = systemClock();
  return { ...clock, after: (milliseconds, action) => clock.after(milliseconds / 50, action) };
}

const faults = {
  reset: 0.004,
  lostAcknowledgement: 0.004,
  silence: 0.001,
  gracefulEnd: 0.003,
  restart: 0.002,
};

describe('ten thousand appends with random faults', function () {
  this.timeout(180_000);

  for (const seed of [1, 2])
    it(`lose no event, write none twice and write no refused event (seed ${seed})`, async () => {
      await using double = await startDouble();
      const client = connect(double.connectionString);
      const clock = hurried();
      await using open = await refusingTarget(storeOn(client, { clock }));
      const guarded = intercept(client, open.actions, { clock });
      double.faults.randomly({ seed, ...faults });
      const told = await runWorkload({
        guarded,
        prefix: 'order-',
        writers: 16,
        goesOn: (acknowledged) => acknowledged < 5_000,
        pauseMs: 10,
      });
      double.faults.randomly(undefined);
      expect(told.conflicts).to.equal(0);
      expect(told.retries).to.be.greaterThan(20);
      expect(told.refused.size).to.be.greaterThan(400);
      const stored = double.stored().filter(({ stream }) => stream.startsWith('order-'));
      expect(
        compare(
          told,
          stored.map(({ id }) => id),
        ),
      ).to.deep.equal({ lost: 0, writtenTwice: 0, writtenAfterVeto: 0 });
      expect(stored).to.have.length(told.acknowledged.size);

      // The projection resumes by itself, and the library's own writes succeed.
      const { position } = await open.actions.targets.change(open.targetID, { timeoutMs: 1_234 });
      await open.actions.whenApplied(position);
      await until(() => open.actions.health().connected);
      await client.dispose();
    });
});
