import type { Listed } from './compare.js';
import { compareCalls } from './compareCalls.js';
import { collectCases } from './grpcCollectCases.js';
import { interceptorCases } from './grpcInterceptorCases.js';
import { limitCases, metadataCases, wireCases } from './grpcLimitCases.js';
import { messageCases } from './grpcMessageCases.js';
import type { GrpcCase } from './grpcCase.js';
import { retryCases } from './grpcRetryCases.js';
import { runGrpc } from './grpcRun.js';
import { talkCases, watchCases } from './grpcStreamCases.js';
import { unaryCases } from './grpcUnaryCases.js';
import { calling, enforcing } from './modes.js';

const corpus: readonly GrpcCase[] = [
  ...unaryCases,
  ...collectCases,
  ...watchCases,
  ...talkCases,
  ...messageCases,
  ...limitCases,
  ...wireCases,
  ...metadataCases,
  ...interceptorCases,
  ...retryCases,
];

const unshowable = 'what JSON cannot show is an error of each target that would be sent it';
const held = 'an answer is held until it was judged, so that what fails meanwhile fails before it';

/** The differences that the guide lists under "What differs". */
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

compareCalls<GrpcCase>({ title: 'gRPC', cases: corpus, listed, run: runGrpc });
