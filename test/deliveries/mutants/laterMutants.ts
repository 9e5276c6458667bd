import { at, inDeliveries, testIn, type Mutant } from './mutant.js';

/** The second part of the table. */
export const laterMutants: readonly Mutant[] = [
  {
    what: 'a target that was slow for a moment is read again for as long as a backlog lasts',
    edits: [inDeliveries('sending/spillEnd.ts', 'moved.size === 1 && moved.has(flow)', 'false')],
    test: testIn(
      'deliveries/besideADeadTarget',
      'after it was slow for a moment and while another target is down',
    ),
  },
  {
    what: 'a dead letter without a target is not reported',
    edits: [inDeliveries('reading/dispatch.ts', 'context.tell({', 'void ({')],
    test: testIn(
      'deliveries/usersFunctions',
      'makes a dead letter without a target, which is reported and replayed',
    ),
  },
  {
    what: 'a retry function that gives no schedule is found out after the call',
    edits: [inDeliveries('sending/prepare.ts', 'options.retryOf(lane.targetID, target);', 'void target;')],
    test: testIn('deliveries/usersFunctions', 'suspends its target without a call, and no other target'),
  },
  {
    what: 'a permanent that throws leaves the failure uncounted',
    edits: [
      inDeliveries('sending/settle.ts', 'return status > 0 && permanent(status);', 'void 0;'),
      inDeliveries(
        'sending/settle.ts',
        'const isEventFault = isPermanent(retry, lane, status);',
        'const isEventFault = retry.permanent(status);',
      ),
    ],
    test: testIn(
      'deliveries/usersFunctions',
      'a permanent function that throws counts as a failed attempt, and the attempts go on',
    ),
  },
  {
    what: 'a caller that is a promise is taken for one of the default instance',
    edits: [at('hooks/context')('caller.ts', "requireNoPromise(caller, 'the caller');", '')],
    test: testIn(
      'deliveries/usersFunctions',
      'makes a dead letter without a target, which is reported and replayed',
    ),
  },
  {
    what: 'a worker that stops waits for a store that is closed',
    edits: [inDeliveries('worker/committer.ts', '(isClosed && context.stopping.aborted)', 'false')],
    test: testIn('deliveries/closedStore', 'stops at once, since the closed store keeps nothing'),
  },
  {
    what: 'a worker without a lease counts as healthy',
    edits: [inDeliveries('deliveriesHealth.ts', 'partitions.length > 0 && !ownership.mayCall', 'false')],
    test: testIn('deliveries/lapsedLease', 'is not healthy once its lease has ended'),
  },
  {
    what: 'a replay expires as the first delivery did',
    edits: [
      inDeliveries('sending/prepare.ts', '!isReplay && expireMs !== undefined', 'expireMs !== undefined'),
    ],
    test: testIn('deliveries/expiry', 'and a replay sends the dead letters'),
  },
  {
    what: 'a replay starts with the first dead letter that is marked, and not with the first of the stream',
    edits: [inDeliveries('worker/letterReplay.ts', "soon('the start of a replay', pump);", 'pump();')],
    test: testIn('deliveries/expiry', 'are replayed in the order of their stream'),
  },
  {
    what: 'a failure of reading is shown though reading went on since',
    edits: [inDeliveries('reading/mainReader.ts', 'if (!isConnected) context.mended(readingEvents);', '')],
    test: testIn(
      'deliveries/currentFaults',
      'is not an earlier failure, when the same work stops again without an error',
    ),
  },
  {
    what: 'a worker that cannot write its progress counts as healthy where the failure has no text',
    edits: [inDeliveries('deliveriesHealth.ts', ' && !isFailing', '')],
    test: testIn(
      'deliveries/currentFaults',
      'names the failed write of progress, also when the error of the store is an AbortError',
    ),
  },
];
