import { expect } from 'chai';
import { differences, judge, type Listed, type Transcripts } from './compare.js';
import { collectCases } from './grpcCollectCases.js';
import { messageCases } from './grpcMessageCases.js';
import { runGrpc, type GrpcCase } from './grpcRun.js';
import { talkCases, watchCases } from './grpcStreamCases.js';
import { unaryCases } from './grpcUnaryCases.js';
import { calling, enforcing, modes } from './modes.js';

const corpus: readonly GrpcCase[] = [
  ...unaryCases,
  ...collectCases,
  ...watchCases,
  ...talkCases,
  ...messageCases,
];

const unshowable = 'what JSON cannot show is an error of each target that would be sent it';
const held = 'an answer is held until it was judged, so that what fails meanwhile fails before it';

/** What the guide lists under "What differs". */
const listed: readonly Listed[] = [
  { handler: 'answers, then fails', modes: calling, reason: held },
  { handler: 'answers, then throws', modes: calling, reason: held },
  { handler: 'answers twice', modes: calling, reason: 'the first answer is sent; gRPC alone hangs' },
  {
    handler: 'sends metadata and never answers until the deadline',
    modes: calling,
    reason: 'metadata are held until the response was judged',
  },
  ...[
    'answers with a value of the wrong type',
    'answers with a list',
    'writes what is no message',
    'an Any of an unknown type',
    'text with lone surrogates and NUL',
  ].map((handler) => ({ handler, modes: enforcing, reason: unshowable })),
];

describe('gRPC handlers, bare and guarded', () => {
  const rows: string[] = [];
  let bare: Transcripts;

  after(() => {
    process.stdout.write(`\n    gRPC: ${corpus.length} handlers\n    ${rows.join('\n    ')}\n`);
  });

  it('run bare', async () => {
    bare = await runGrpc(corpus);
    expect(corpus.length).to.be.at.least(40);
  });

  for (const mode of modes)
    it(`see and send the same with ${mode}, but for what the guide lists`, async () => {
      const { unlisted, needless, found } = judge(
        mode,
        differences(bare, await runGrpc(corpus, { mode, bare })),
        listed,
      );
      rows.push(`${mode}: ${found} differences, ${unlisted.length} not listed`);
      expect({ unlisted, needless }).to.deep.equal({ unlisted: [], needless: [] });
    });
});
