import { expect } from 'chai';
import { DeadlineExceededError } from '../../../src/index.js';
import type { EventStore, TargetInterruptedError } from '../../../src/index.js';
import { createBudgets } from '../../../src/firing/pacing/budget.js';
import { withDeadline } from '../../support/deadlines.js';
import { openActions, rejection } from '../../support/openActions.js';
import type { Script } from '../../support/targetServer.js';

const event = { type: 'order.placed', data: {} };

/** Answers headers at once and a body that never ends, a byte at a time. */
const drip: Script = (_call, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => {
    if (response.destroyed) clearInterval(timer);
    else response.write(' ');
  }, 10);
  return undefined;
};

describe('the time of an operation', () => {
  it('bounds a body that drips, by the deadline of its call', async () => {
    for (const type of ['webhook', 'requestResponse'] as const) {
      const { call, guarded, read, reports } = await openActions();
      const [target] = await call(
        { event: { all: true } },
        { type, timeoutMs: 100, interruptOnError: true, script: drip },
      );
      const error = await rejection(guarded.append('order-1', [event]));
      expect(error).to.include({ code: 'TARGET_INTERRUPTED', reason: 'timeout', status: 504, grpcCode: 4 });
      expect(reports[0]).to.include({ verdict: 'failed', reason: 'timeout' }).and.not.have.property('status');
      expect(await read('order-1')).to.deep.equal([]);
      await target?.server.whenIdle();
    }
  });

  it('continues without interruptOnError after a deadline within the budget', async () => {
    const { call, guarded, read, reports } = await openActions();
    const [, next] = await call(
      { event: { all: true } },
      { timeoutMs: 500, script: 'never' },
      { type: 'requestResponse', script: { body: '{"checked":true}' } },
    );
    await guarded.append('order-1', [event]);
    expect(reports.map(({ reason }) => reason)).to.deep.equal(['timeout', undefined]);
    expect(next?.server.received).to.have.length(1);
    expect((await read('order-1')).map(({ data }) => data)).to.deep.equal([{ checked: true }]);
  });

  it('is shared by the targets: once the time is spent the operation fails, interruptOnError or not', async () => {
    await withDeadline(async (budgetMs) => {
      const { call, guarded, read, reports } = await openActions({ limits: { budgetMs } });
      const endpoints = await call(
        { event: { all: true } },
        { timeoutMs: budgetMs / 4, script: 'never' },
        { timeoutMs: 200_000, script: 'never' },
        { timeoutMs: 200_000 },
      );
      const error = await rejection(guarded.append('order-1', [event]));
      expect(error).to.be.instanceOf(DeadlineExceededError).and.include({ status: 504, grpcCode: 4 });
      expect(await read('order-1')).to.deep.equal([]);
      const [, second, third] = endpoints.map(({ server }) => server.received.length);
      expect(third).to.equal(0);
      if (second === 0) return false;
      expect((error as DeadlineExceededError).detail)
        .to.contain('the budget of event/order.placed was spent at target "target 2"')
        .and.to.contain('this attempt wrote nothing')
        .and.to.contain('limits.budgetMs');
      expect(reports.map(({ reason }) => reason)).to.deep.equal(['timeout', 'timeout']);
      return true;
    });
  });

  it('is shared by the events of one append', async () => {
    await withDeadline(async (budgetMs) => {
      const { call, guarded, read } = await openActions({ limits: { budgetMs } });
      const [target] = await call({ event: { all: true } }, { timeoutMs: budgetMs / 4, script: 'never' });
      const server = target?.server ?? expect.fail();
      const events = Array.from({ length: 20 }, () => event);
      const error = await rejection(guarded.append('order-1', events));
      expect(error).to.include({ code: 'DEADLINE_EXCEEDED' });
      expect(server.received.length).to.be.at.most(10);
      expect(await read('order-1')).to.deep.equal([]);
      if (server.received.length === 0) return false;
      // Every append has a budget of its own.
      server.answer({});
      return guarded.append('order-1', [event]).then(
        () => true,
        (late: unknown) => {
          expect(late).to.include({ code: 'DEADLINE_EXCEEDED' });
          return false;
        },
      );
    });
  });

  it('is also spent when the last target used exactly the rest', async () => {
    const { call, guarded, read } = await openActions({ limits: { budgetMs: 50 } });
    await call({ event: { all: true } }, { timeoutMs: 500, script: 'never' });
    expect(await rejection(guarded.append('order-1', [event]))).to.include({ code: 'DEADLINE_EXCEEDED' });
    expect(await read('order-1')).to.deep.equal([]);
  });

  it('never falls below zero', () => {
    const { enforced, observed } = createBudgets(100);
    enforced.spend(40);
    expect([enforced.left, observed.left]).to.deep.equal([60, 100]);
    enforced.spend(1_000);
    expect([enforced.left, observed.left]).to.deep.equal([0, 100]);
  });
});

describe('a caller who aborts', () => {
  for (const interruptOnError of [true, false])
    it(`gets its own reason, and nothing is appended (interruptOnError: ${interruptOnError})`, async () => {
      const { call, guarded, read } = await openActions();
      const endpoints = await call({ event: { all: true } }, { interruptOnError, script: 'never' }, {});
      const giveUp = new AbortController();
      const appending = rejection(guarded.append('order-1', [event], { signal: giveUp.signal }));
      await endpoints[0]?.server.whenReceived(1);
      giveUp.abort({ because: 'the user left' });
      expect(await appending).to.equal(giveUp.signal.reason);
      await endpoints[0]?.server.whenIdle();
      expect(endpoints.map(({ server }) => server.received.length)).to.deep.equal([1, 0]);
      expect(await read('order-1')).to.deep.equal([]);
    });

  it('before the first call is never called for', async () => {
    const { call, guarded, read } = await openActions();
    const [target] = await call({ event: { all: true } }, {});
    const signal = AbortSignal.abort(new Error('too late'));
    for (const options of [{ signal }, { signal, expectedVersion: 'no-stream' as const }])
      expect(await rejection(guarded.append('order-1', [event], options))).to.equal(signal.reason);
    expect(target?.server.connections()).to.equal(0);
    expect(await read('order-1')).to.deep.equal([]);
  });

  it('while the last target answers appends nothing either, also with a store that ignores signals', async () => {
    const giveUp = new AbortController();
    const { actions, call, store, read } = await openActions({
      onCall: () => {
        giveUp.abort(new Error('now'));
      },
    });
    await call({ event: { all: true } }, {});
    const guarded = actions.intercept<EventStore>({
      ...store,
      append: (stream, events) => store.append(stream, events),
    });
    const error = await rejection(guarded.append('order-1', [event], { signal: giveUp.signal }));
    expect(error).to.equal(giveUp.signal.reason);
    expect(await read('order-1')).to.deep.equal([]);
  });

  it('of one append leaves the other appends alone', async () => {
    const { call, guarded, read } = await openActions();
    let answer: () => void = () => undefined;
    const told = new Promise<void>((resolve) => (answer = resolve));
    const [target] = await call({ event: { all: true } }, { script: () => told.then(() => ({})) });
    const giveUp = new AbortController();
    const given = rejection(guarded.append('order-1', [event], { signal: giveUp.signal }));
    const other = guarded.append('order-2', [event]);
    await target?.server.whenReceived(2);
    giveUp.abort();
    expect(await given).to.include({ name: 'AbortError' });
    answer();
    await other;
    expect(await read('order-2')).to.have.length(1);
  });
});

describe('content over its limit', () => {
  const limits = { contentBytes: 1_000, bodyBytes: 1_300 };
  const text = (bytes: number) => ({ type: 'order.placed', data: 'x'.repeat(bytes - 2) });

  it('is an error of each target that would be sent the content, and is never cut', async () => {
    const { call, guarded, read, reports } = await openActions({ limits });
    const endpoints = await call({ event: { all: true } }, {}, {});
    await guarded.append('order-1', [text(1_001)]);
    expect(reports.map(({ verdict, reason }) => [verdict, reason])).to.deep.equal([
      ['failed', 'content-too-large'],
      ['failed', 'content-too-large'],
    ]);
    expect(endpoints.map(({ server }) => server.connections())).to.deep.equal([0, 0]);
    expect((await read('order-1')).map(({ data }) => (data as string).length)).to.deep.equal([999]);
  });

  it('interrupts where its target says so, and passes at the limit', async () => {
    const { call, guarded, read } = await openActions({ limits });
    const [target] = await call({ event: { all: true } }, { interruptOnError: true });
    const error = await rejection(guarded.append('order-1', [text(1_001)]));
    expect(error).to.include({ code: 'TARGET_INTERRUPTED', reason: 'content-too-large', status: 412 });
    expect(await read('order-1')).to.deep.equal([]);
    await guarded.append('order-1', [text(1_000)]);
    expect(target?.server.received).to.have.length(1);
  });

  it('is counted in bytes, not characters', async () => {
    const { call, guarded } = await openActions({ limits });
    await call({ event: { all: true } }, { interruptOnError: true });
    await guarded.append('order-1', [{ type: 'order.placed', data: '€'.repeat(332) }]);
    const error = await rejection(
      guarded.append('order-1', [{ type: 'order.placed', data: '€'.repeat(333) }]),
    );
    expect(error).to.include({ reason: 'content-too-large' });
  });

  it('applies to the amended content', async () => {
    const { call, guarded } = await openActions({ limits });
    await call(
      { event: { all: true } },
      { type: 'requestResponse', script: { body: JSON.stringify('y'.repeat(1_100)) } },
      { interruptOnError: true },
    );
    const error = await rejection(guarded.append('order-1', [{ type: 'order.placed', data: 'short' }]));
    expect(error).to.include({ reason: 'content-too-large' });
  });

  it('holds for the whole body as well', async () => {
    const { call, guarded } = await openActions({ limits });
    const [target] = await call({ event: { all: true } }, { interruptOnError: true });
    const long = `order-${'1'.repeat(600)}`;
    const error = await rejection(guarded.append(long, [{ type: 'order.placed', data: 'short' }]));
    expect(error).to.include({ reason: 'content-too-large' });
    expect((error as TargetInterruptedError).detail).to.contain('the body is larger than 1300 bytes');
    expect(target?.server.connections()).to.equal(0);
  });
});
