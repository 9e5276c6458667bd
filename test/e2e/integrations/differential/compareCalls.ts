import { expect } from 'chai';
import { differences, judge, misjudged, mostRuns, type Listed, type Transcripts } from './compare.js';
import { modes as allModes, type Mode } from './modes.js';

/** A run in a guarded mode, and the bare run to compare it with. */
interface GuardedRun {
  readonly mode: Mode;
  readonly bare: Transcripts;
}

interface Corpus<Case> {
  /** The framework, and the protocol where it has several. */
  readonly title: string;
  readonly cases: readonly Case[];
  /** The differences that the guide lists under "What differs". */
  readonly listed: readonly Listed[];
  /** @defaultValue all */
  readonly modes?: readonly Mode[];
  run(cases: readonly Case[], guarded?: GuardedRun): Promise<Transcripts>;
}

/**
 * Runs the handlers of a corpus once bare, then guarded in each mode; each difference has to be listed. A handler
 * with an unlisted difference is run again, bare and guarded.
 */
export function compareCalls<Case extends { readonly name: string }>({
  title,
  cases,
  listed,
  modes = allModes,
  run,
}: Corpus<Case>): void {
  describe(`${title} handlers, bare and guarded`, () => {
    const rows: string[] = [];
    let bare: Transcripts;

    after(() => {
      console.log(`      ${title}: ${cases.length} handlers\n        ${rows.join('\n        ')}`);
    });

    it('run bare', async () => {
      bare = await run(cases);
      expect(new Set(cases.map(({ name }) => name)).size).to.equal(cases.length);
      expect(cases.length).to.be.at.least(40);
    });

    for (const mode of modes)
      it(`see and send the same with ${mode}, except for the differences that the guide lists`, async () => {
        const found = new Map(differences(bare, await run(cases, { mode, bare })));
        for (let runs = 1; runs < mostRuns; runs += 1) {
          const names = misjudged(mode, found, listed);
          if (names.size === 0) break;
          rows.push(
            ...[...names].map((name) => `${mode}, run again: ${name}: ${found.get(name) ?? 'the same'}`),
          );
          const again = cases.filter(({ name }) => names.has(name));
          const bareAgain = await run(again);
          const foundAgain = differences(bareAgain, await run(again, { mode, bare: bareAgain }));
          for (const name of names) found.delete(name);
          for (const [name, what] of foundAgain) found.set(name, what);
        }
        const { unlisted, needless } = judge(mode, found, listed);
        const listedCount = found.size - unlisted.length;
        rows.push(`${mode}: ${listedCount} differ as listed, ${unlisted.length} differ besides`);
        expect({ unlisted, needless }).to.deep.equal({ unlisted: [], needless: [] });
      });
  });
}
