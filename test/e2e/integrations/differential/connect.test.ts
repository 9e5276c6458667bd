import type { Listed } from './compare.js';
import { compareCalls } from './compareCalls.js';
import { interceptorCases } from './connectInterceptorCases.js';
import { headerCases, limitCases, statedCases } from './connectLimitCases.js';
import { messageCases, talkCases, watchCases } from './connectStreamCases.js';
import { collectCases, unaryCases } from './connectUnaryCases.js';
import type { ConnectCase } from './connectCase.js';
import { connectProtocols, runConnect } from './connectRun.js';
import { enforcing } from './modes.js';

const corpus: readonly ConnectCase[] = [
  ...unaryCases,
  ...collectCases,
  ...watchCases,
  ...talkCases,
  ...messageCases,
  ...limitCases,
  ...headerCases,
  ...statedCases,
  ...interceptorCases,
];

const unshowable = 'what JSON cannot show is an error of each target that would be sent it';

/** The differences that the guide lists under "What differs". */
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

for (const protocol of connectProtocols)
  compareCalls<ConnectCase>({
    title: `Connect (${protocol})`,
    // Whether a client that still sends sees the answer or the end of the stream is a race, bare as well.
    cases: protocol === 'Connect' ? corpus : corpus.filter(({ name }) => name !== 'answers without reading'),
    // Values without JSON cannot be sent as JSON. Targets are called alike for every protocol: the other modes run
    // over the first protocol only.
    ...(protocol !== 'Connect' && { modes: ['an allowing target'] }),
    listed: protocol.includes('JSON') ? listed.filter(({ handler }) => handler !== 'an Any') : listed,
    run: (cases, guarded) => runConnect(cases, { protocol, ...guarded }),
  });
