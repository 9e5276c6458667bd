import { expect } from 'chai';
import { createTargetCounts } from '../../../src/firing/reporting/targetCounts.js';
import type { CallReport } from '../../../src/firing/reporting/callReport.js';
import { openActions } from '../../support/openActions.js';

const event = [{ type: 'order.placed', data: {} }];
const report: CallReport = {
  kind: 'event',
  condition: 'event/x',
  executionID: 'event',
  instanceID: 'default',
  targetID: 'target-1',
  name: 'policy',
  callID: 'msg_1',
  attempt: 1,
  durationMs: 3,
  status: 200,
  verdict: 'passed',
  enforced: true,
};

describe('a report of a call', () => {
  it('names the target, the event, its stream and the webhook id of the call', async () => {
    const { call, guarded, reports } = await openActions();
    const [target] = await call({ event: { all: true } }, { name: 'order policy' });
    const id = '0b7c2a54-3c2e-4b42-9a48-5a7c9a3f2d10';
    await guarded.append('order-1', [{ ...event[0]!, id }]);
    expect(reports[0]).to.include({
      instanceID: 'default',
      name: 'order policy',
      eventID: id,
      stream: 'order-1',
      callID: target?.server.received[0]?.headers['webhook-id'],
    });
  });

  it('of a request has no event and no stream', async () => {
    const { actions, call, reports } = await openActions();
    await call({ request: { all: true } }, {});
    await actions.request('/orders.v1.Orders/Place', {});
    expect(reports[0]).not.to.have.any.keys('eventID', 'stream');
    expect(reports[0]?.callID).to.match(/^msg_/);
  });
});

describe('health() of a target', () => {
  it('counts its calls and failures, and tells the last failure and its latency', async () => {
    const { actions, call, guarded } = await openActions({ now: () => 1_700_000_000_000 });
    const [target] = await call({ event: { all: true } }, { name: 'crm', script: { status: 401 } });
    for (let times = 0; times < 3; times++) await guarded.append('order-1', event);
    const failing = actions.health().targets[0];
    expect(failing).to.deep.include({
      targetID: target?.id,
      name: 'crm',
      calls: 3,
      failures: 3,
      failuresInARow: 3,
      lastFailure: { at: '2023-11-14T22:13:20.000Z', reason: 'status', status: 401 },
    });
    expect(failing?.latencyMs).to.have.all.keys('mean', 'median', 'p95', 'max');
    target?.server.answer({});
    await guarded.append('order-1', event);
    expect(actions.health().targets[0]).to.include({ calls: 4, failures: 3, failuresInARow: 0 });
    await actions.targets.remove(target?.id ?? '');
    expect(actions.health().targets).to.deep.equal([]);
  });

  it('is kept for a limited number of targets, the latest called', () => {
    const counts = createTargetCounts(() => 0);
    for (let place = 0; place < 20_000; place++) counts.count({ ...report, targetID: `t${place}` });
    counts.count({ ...report, targetID: 't10000' });
    counts.count({ ...report, targetID: 't20000' });
    const listed = counts.list().map(({ targetID }) => targetID);
    expect(listed).to.have.length(10_000);
    expect(listed).to.include.members(['t10000', 't20000']).and.not.include('t10001');
  });

  it('gives latencies that are upper bounds of the measured latencies', () => {
    const counts = createTargetCounts(() => 0);
    for (let durationMs = 1; durationMs <= 100; durationMs++) counts.count({ ...report, durationMs });
    const latencyMs = counts.list()[0]?.latencyMs;
    expect(latencyMs).to.deep.equal({ mean: 50.5, median: 64, p95: 100, max: 100 });
  });

  it('survives a clock that throws or gives no time', () => {
    for (const now of [() => NaN, () => 1e16, () => expect.fail('no time')]) {
      const counts = createTargetCounts(now);
      counts.count({ ...report, verdict: 'failed', reason: 'network' });
      expect(counts.list()[0]?.lastFailure?.at).to.equal('unknown');
    }
  });
});
