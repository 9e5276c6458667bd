import { expect } from 'chai';
import type { JSONObject } from 'eventstore-actions';
import { agrees, checksOf, differences, type Evidence } from '../../../src/cli/demo/checks.js';
import { digest } from '../../../src/cli/demo/digest.js';
import type { EndpointReport } from '../../../src/cli/demo/endpointMessages.js';
import { CallTally } from '../../../src/cli/demo/callTally.js';

const opened = {
  id: 'a',
  type: 'issues.opened',
  stream: 'repository-x',
  data: { title: 'before' } as JSONObject,
};
const deleted = { id: 'b', type: 'issues.deleted', stream: 'repository-x', data: {} };
const stored = new Map([['a', digest({ title: 'after' })]]);
const none: EndpointReport = { received: 0, verified: 0, amended: 0, refused: 0, disordered: 0, digests: {} };
const targetIDs = { audit: '1', policy: '2', notifier: '3', archive: '4' };

const tallyOf = (
  ...calls: readonly (readonly [targetID: string, verdict: 'passed' | 'amended' | 'refused' | 'failed'])[]
) => {
  const tally = new CallTally();
  for (const [targetID, verdict] of calls)
    tally.onCall({
      kind: 'event',
      condition: 'event/x',
      executionID: 'event',
      instanceID: 'default',
      targetID,
      name: targetID,
      callID: `msg_${targetID}`,
      attempt: 1,
      durationMs: 1,
      verdict,
      enforced: true,
    });
  return tally;
};

/** One event amended and appended, one vetoed. */
const honest: Evidence = {
  outcome: { appended: [opened], vetoed: [{ event: deleted, status: 403, reason: 'no' }] },
  stored,
  tally: tallyOf(
    ['2', 'amended'],
    ['1', 'passed'],
    ['3', 'passed'],
    ['2', 'refused'],
    ['4', 'failed'],
    ['4', 'passed'],
  ),
  targetIDs,
  reports: {
    audit: { ...none, received: 1, verified: 1, digests: Object.fromEntries(stored) },
    policy: { ...none, received: 2, verified: 2, amended: 1, refused: 1 },
    notifier: { ...none, received: 1, verified: 1 },
    archive: { ...none, received: 2, verified: 2, refused: 1, digests: Object.fromEntries(stored) },
  },
  deliveries: {
    delivered: 1,
    failed: 1,
    status: { healthy: true, workers: 0, partitions: [], targets: [], deadLetters: 0 },
  },
};

const { audit, policy, notifier, archive } = honest.reports;
const { status } = honest.deliveries;
const archiveThat = (did: Partial<EndpointReport>): Evidence => ({
  ...honest,
  reports: { ...honest.reports, archive: { ...archive, ...did } },
});
const lies: readonly (readonly [what: string, evidence: Evidence])[] = [
  ['an event that the audit never saw', { ...honest, reports: { ...honest.reports, audit: none } }],
  ['an event that is not in the store', { ...honest, stored: new Map() }],
  [
    'an event that was stored although it was vetoed',
    { ...honest, stored: new Map([...stored, ['b', 'x']]) },
  ],
  ['an amendment that was lost', { ...honest, stored: new Map([['a', digest(opened.data)]]) }],
  ['other bytes than the audit saw', { ...honest, stored: new Map([['a', digest({ title: 'else' })]]) }],
  [
    'a veto that was not obeyed',
    { ...honest, reports: { ...honest.reports, policy: { ...policy, refused: 2 } } },
  ],
  [
    'a signature that does not hold',
    { ...honest, reports: { ...honest.reports, audit: { ...audit, verified: 0 } } },
  ],
  [
    'a notification sent twice',
    { ...honest, reports: { ...honest.reports, notifier: { ...notifier, received: 2 } } },
  ],
  ['an event that the archive never took', archiveThat({ digests: {} })],
  [
    'other bytes than were stored, in the archive',
    archiveThat({ digests: { a: digest({ title: 'else' }) } }),
  ],
  ['an event that the archive took too late', archiveThat({ disordered: 1 })],
  ['a refusal that no delivery has met', archiveThat({ refused: 2 })],
  [
    'a delivery that the archive was not sent',
    { ...honest, deliveries: { ...honest.deliveries, delivered: 2 } },
  ],
  [
    'a delivery that was given up',
    { ...honest, deliveries: { ...honest.deliveries, status: { ...status, deadLetters: 1 } } },
  ],
  [
    'a call that was not reported',
    { ...honest, tally: tallyOf(['2', 'amended'], ['1', 'passed'], ['3', 'passed']) },
  ],
];

describe('the checks of the demo', () => {
  it('hold for counts that agree', () => {
    expect(checksOf(honest).filter((check) => !agrees(check))).to.deep.equal([]);
  });

  for (const [what, evidence] of lies) {
    it(`notice ${what}`, () => {
      expect(checksOf(evidence).every(agrees)).to.equal(false);
    });
  }

  it('count entries that are missing on either side or differ', () => {
    const one = new Map([
      ['same', '1'],
      ['other', '1'],
      ['mine', '1'],
    ]);
    const two = new Map([
      ['same', '1'],
      ['other', '2'],
      ['yours', '1'],
    ]);
    expect(differences(one, two)).to.equal(3);
  });
});
