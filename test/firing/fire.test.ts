import { expect } from 'chai';
import { createAsyncCalls } from '../../src/firing/pacing/asyncCalls.js';
import { createBudgets, type Budgets } from '../../src/firing/pacing/budget.js';
import { createCallReporter } from '../../src/firing/reporting/callReporter.js';
import type { CallTarget } from '../../src/firing/calls/callTarget.js';
import { createDrain } from '../../src/firing/pacing/drain.js';
import { createFire } from '../../src/firing/fire.js';
import type { Operation } from '../../src/firing/calls/operation.js';
import { parseLimits } from '../../src/limits.js';
import { parseTargetEvent, type ActiveTarget } from '../../src/target/target.js';
import { targetAdded } from '../support/recordedEvents.js';
import { rejection } from '../support/openActions.js';

interface Fired {
  readonly changes?: Partial<ActiveTarget>;
  readonly budgets?: Budgets;
}

/** Calls one target with a clock that only the call advances. */
async function fireFor(
  passes: number,
  timesOut: boolean,
  { changes = {}, budgets = createBudgets(100) }: Fired = {},
): Promise<unknown> {
  let time = 0;
  const clock = { now: () => time, elapsed: () => time, after: () => () => undefined };
  const callTarget: CallTarget = (_turn, timeoutMs) => {
    time += passes;
    expect(timeoutMs).to.equal(100);
    return Promise.resolve(
      timesOut
        ? { reason: 'timeout', message: 'it was silent', untried: false }
        : { status: 204, contentType: '', body: new Uint8Array() },
    );
  };
  const fire = createFire({
    callTarget,
    clock,
    asyncCalls: createAsyncCalls({ atOnce: 1, queue: 1 }),
    drain: createDrain({ drainMs: 0, clock }),
    reporter: createCallReporter(undefined),
    limits: parseLimits(),
    mode: 'enforce',
  });
  const added = parseTargetEvent('target.added', targetAdded('policy'));
  const target = { status: 'active', keys: [], ...added?.data, ...changes } as unknown as ActiveTarget;
  const operation: Operation = {
    kind: 'event',
    condition: 'event/order.placed',
    instanceID: 'default',
    operationID: 'operation-1',
    match: {
      winner: 'event',
      targets: [{ targetID: 'target-1', executionID: 'event', target }],
      skipped: [],
    },
    depth: 0,
    content: { json: '{}' },
    render: (json) => json,
  };
  return fire(operation, budgets);
}

describe('the budget of an operation', () => {
  it('is spent by a call that was given the whole rest, also when its timer fires a moment early', async () => {
    expect(await rejection(fireFor(98.5, true))).to.include({ code: 'DEADLINE_EXCEEDED' });
    expect(await rejection(fireFor(100, true))).to.include({ code: 'DEADLINE_EXCEEDED' });
  });

  it('of observed calls is spent likewise, and fails nothing', async () => {
    const budgets = createBudgets(100);
    await fireFor(98.5, true, { changes: { enforcement: 'observe' }, budgets });
    expect([budgets.observed.left, budgets.enforced.left]).to.deep.equal([0, 100]);
  });

  it('is spent by an answer that is read after its end', async () => {
    expect(await rejection(fireFor(100, false))).to.include({ code: 'DEADLINE_EXCEEDED' });
    expect(await rejection(fireFor(5_000, false))).to.include({ code: 'DEADLINE_EXCEEDED' });
  });

  it('is not spent by an answer in time', async () => {
    expect(await fireFor(99, false)).to.equal(undefined);
  });
});
