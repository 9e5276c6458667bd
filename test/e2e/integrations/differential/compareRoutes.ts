import { expect } from 'chai';
import { isDeepStrictEqual } from 'node:util';
import type { Actions } from '../../../../src/index.js';
import { until } from '../../../support/conditions.js';
import { mostRuns } from './compare.js';
import {
  DifferenceTable,
  expectedOf,
  openDescriptors,
  type Difference,
  type Outcome,
} from './differences.js';
import { guardModes, openGuards, type Guards } from './guardModes.js';

/** A route that is run bare and guarded. */
interface RouteCase {
  readonly does: string;
  /** The only version of the framework that it runs on. */
  readonly only?: string;
  readonly differs?: Difference;
}

/**
 * Runs each route once bare, then guarded in each mode, on every version of a framework; each difference has to be
 * listed. A route with an unlisted difference is run again, bare and guarded, and printed.
 */
export function compareRoutes<Create, Case extends RouteCase>(
  versions: readonly (readonly [framework: string, create: Create])[],
  cases: readonly Case[],
  run: (create: Create, given: Case, actions: Actions | undefined) => Promise<Outcome>,
): void {
  const table = new DifferenceTable();
  for (const [framework, create] of versions)
    describe(`${framework}, bare and guarded`, () => {
      let guards: Guards;
      before(async () => {
        guards = await openGuards();
      });
      after(async () => {
        await guards.close();
        table.print();
      });

      for (const given of cases.filter(({ only }) => only === undefined || only === framework))
        it(`is the same where the route ${given.does}`, async () => {
          let bare = await run(create, given, undefined);
          const counts = { runs: 0, listed: 0, differences: 0 };
          const descriptors = openDescriptors();
          try {
            for (const mode of guardModes) {
              counts.runs += 1;
              counts.differences += 1;
              let guarded = await run(create, given, guards.actions[mode]);
              const differs = mode === 'nothing matches' ? undefined : given.differs;
              const { compared = (outcome: Outcome) => outcome } = differs ?? {};
              const isExpected = () =>
                isDeepStrictEqual(compared(guarded), compared(expectedOf(differs, bare)));
              for (let runs = 1; runs < mostRuns && !isExpected(); runs += 1) {
                console.log(`      ${framework}, ${mode}, run again: ${given.does}`);
                bare = await run(create, given, undefined);
                guarded = await run(create, given, guards.actions[mode]);
              }
              const expected = compared(expectedOf(differs, bare));
              expect({ mode, ...compared(guarded) }).to.deep.equal({ mode, ...expected });
              counts.differences -= 1;
              if (differs) counts.listed += 1;
            }
          } finally {
            table.note(framework, counts);
          }
          // Connections to the endpoints stay in the pool: one for each called target.
          await until(() => openDescriptors() <= descriptors + 8);
        });

      it('is run for at least 80 handlers', () => {
        expect(cases.length).to.be.at.least(80);
      });
    });
}
