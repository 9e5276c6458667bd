import { expect } from 'chai';
import { differences, judge, type Listed, type Transcripts } from './compare.js';
import { messageCases, talkCases, watchCases } from './connectStreamCases.js';
import { collectCases, unaryCases } from './connectUnaryCases.js';
import { runConnect, type ConnectCase } from './connectRun.js';
import { enforcing, modes } from './modes.js';

const corpus: readonly ConnectCase[] = [
  ...unaryCases,
  ...collectCases,
  ...watchCases,
  ...talkCases,
  ...messageCases,
];

const unshowable = 'what JSON cannot show is an error of each target that would be sent it';

/** What the guide lists under "What differs". */
const listed: readonly Listed[] = [
  ...['answers with a value of the wrong type', 'yields what is no message', 'an Any'].map((handler) => ({
    handler,
    modes: enforcing,
    reason: unshowable,
  })),
  {
    handler: 'answers with numbers out of range',
    modes: ['an echoing target'],
    reason: 'a number that its field does not hold is an error of the target that sends it back',
  },
];

for (const protocol of ['Connect', 'gRPC'] as const)
  describe(`Connect handlers over ${protocol}, bare and guarded`, () => {
    const rows: string[] = [];
    let bare: Transcripts;

    after(() => {
      process.stdout.write(
        `\n    Connect over ${protocol}: ${corpus.length} handlers\n    ${rows.join('\n    ')}\n`,
      );
    });

    it('run bare', async () => {
      bare = await runConnect(corpus, { protocol });
      expect(corpus.length).to.be.at.least(40);
    });

    for (const mode of modes)
      it(`see and send the same with ${mode}, but for what the guide lists`, async () => {
        const found = differences(bare, await runConnect(corpus, { protocol, mode, bare }));
        const { unlisted, needless } = judge(mode, found, listed);
        rows.push(`${mode}: ${found.size} differences, ${unlisted.length} not listed`);
        expect({ unlisted, needless }).to.deep.equal({ unlisted: [], needless: [] });
      });
  });
