import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { isActionsError } from '../../src/index.js';
import { withDeadline } from '../support/deadlines.js';
import { openActions, rejection, type TargetSettings } from '../support/openActions.js';

const event = { type: 'order.placed', data: { step: 0 } };
const refuses: TargetSettings = {
  interruptOnError: true,
  script: { body: '{"forwardedStatusCode":403,"forwardedErrorMessage":"no"}' },
};
const amends = (step: number): TargetSettings => ({
  type: 'requestResponse',
  interruptOnError: true,
  script: { body: `{"step":${step}}` },
});
const fails: TargetSettings = { interruptOnError: true, script: { status: 500 } };
const observed = (settings: TargetSettings): TargetSettings => ({ ...settings, enforcement: 'observe' });
const sent = (body = '') => (JSON.parse(body) as { event_payload: unknown }).event_payload;

describe('observing', () => {
  it('everything calls all targets, applies no answer, fails no operation, and reports what would have happened', async () => {
    const { actions, call, guarded, read, reports } = await openActions({ mode: 'observe' });
    const endpoints = await call({ event: { all: true } }, amends(1), fails, refuses, {}, { type: 'async' });
    await guarded.append('order-1', [event]);
    await actions.close();
    expect((await read('order-1')).map(({ data }) => data)).to.deep.equal([{ step: 0 }]);
    expect(endpoints.map(({ server }) => sent(server.received[0]?.body))).to.deep.equal(
      endpoints.map(() => ({ step: 0 })),
    );
    expect(reports.map(({ verdict, enforced }) => [verdict, enforced])).to.deep.equal([
      ['amended', false],
      ['failed', false],
      ['refused', false],
      ['passed', false],
      ['passed', false],
    ]);
    expect(actions.health().observed).to.deep.equal({ calls: 5, wouldAmend: 1, wouldRefuse: 1, failed: 1 });
  });

  it('one target sends it the content as amended so far, and drops its answer', async () => {
    const { call, guarded, read, reports, actions } = await openActions();
    const endpoints = await call(
      { event: { all: true } },
      observed(amends(7)),
      amends(1),
      observed(amends(8)),
      observed(refuses),
      observed(fails),
      amends(2),
    );
    await guarded.append('order-1', [event]);
    const contents = endpoints.map(({ server }) => sent(server.received[0]?.body));
    expect(contents).to.deep.equal([0, 0, 1, 1, 1, 1].map((step) => ({ step })));
    expect((await read('order-1')).map(({ data }) => data)).to.deep.equal([{ step: 2 }]);
    expect(reports.map(({ enforced }) => enforced)).to.deep.equal([false, true, false, false, false, true]);
    expect(actions.health().observed).to.deep.equal({ calls: 4, wouldAmend: 2, wouldRefuse: 1, failed: 1 });
  });

  it('spends a budget of its own, after which observed targets are not called and nothing fails', async () => {
    await withDeadline(async (budgetMs) => {
      const { call, guarded, read, reports } = await openActions({ limits: { budgetMs } });
      const silent = observed({ timeoutMs: 200_000, interruptOnError: true, script: 'never' });
      const endpoints = await call({ event: { all: true } }, silent, observed({}), amends(1));
      const error: unknown = await guarded.append('order-1', [event]).then(
        () => undefined,
        (late: unknown) => late,
      );
      const [first, second, enforced] = endpoints.map(({ server }) => server.received.length);
      expect(second).to.equal(0);
      // The enforced target has a budget of the same length.
      if (first === 0 || isActionsError(error, 'DEADLINE_EXCEEDED')) return false;
      expect([error, enforced]).to.deep.equal([undefined, 1]);
      expect(reports.map(({ verdict, reason, enforced }) => [verdict, reason, enforced])).to.deep.equal([
        ['failed', 'timeout', false],
        ['failed', 'timeout', false],
        ['amended', undefined, true],
      ]);
      expect((await read('order-1')).map(({ data }) => data)).to.deep.equal([{ step: 1 }]);
      return true;
    });
  });

  it('does not keep a spent budget of enforced targets from failing', async () => {
    const { call, guarded } = await openActions({ limits: { budgetMs: 60 } });
    const slow = { timeoutMs: 10_000, script: 'never' } as const;
    await call({ event: { all: true } }, observed(slow), slow);
    expect(await rejection(guarded.append('order-1', [event]))).to.include({ code: 'DEADLINE_EXCEEDED' });
  });

  it('still rejects with the reason of a caller who aborts', async () => {
    const { call, guarded, read } = await openActions({ mode: 'observe' });
    const [target] = await call({ event: { all: true } }, { script: 'never' });
    const giveUp = new AbortController();
    const appending = rejection(guarded.append('order-1', [event], { signal: giveUp.signal }));
    await target?.server.whenReceived(1);
    giveUp.abort(new Error('gone'));
    expect(await appending).to.equal(giveUp.signal.reason);
    expect(await read('order-1')).to.deep.equal([]);
  });

  const failure = new Error('the listener is broken');
  const textless: unknown = Object.create(null);
  const broken: Readonly<Record<string, readonly [onCall: () => unknown, text: string]>> = {
    throws: [
      () => {
        throw failure;
      },
      'Error: the listener is broken',
    ],
    rejects: [() => Promise.reject(failure), 'Error: the listener is broken'],
    'throws a value without a text': [
      () => {
        throw textless;
      },
      'a value that has no text',
    ],
    'rejects with a value without a text': [() => Promise.reject(textless), 'a value that has no text'],
  };
  for (const [words, [onCall, text]] of Object.entries(broken))
    it(`costs an operation nothing when a listener ${words}, and warns once`, async () => {
      const warnings: Error[] = [];
      const listen = (warning: Error) => warnings.push(warning);
      process.on('warning', listen);
      try {
        const { call, guarded, read } = await openActions({ onCall });
        await call({ event: { all: true } }, {});
        await guarded.append('order-1', [event, event]);
        await new Promise(setImmediate);
        expect(await read('order-1')).to.have.length(2);
        expect(warnings.map(({ message }) => message)).to.deep.equal([
          `onCall threw and is ignored: ${text}`,
        ]);
      } finally {
        process.off('warning', listen);
      }
    });
});

describe('enforcing a share', () => {
  const idOf = (number: number) => {
    const hex = createHash('sha256').update(String(number)).digest('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };

  it('calls for every event, enforces about that share, and decides the same for a repeat', async () => {
    const { call, guarded, reports } = await openActions();
    const [target] = await call({ event: { all: true } }, { ...refuses, enforcePercent: 30 });
    const outcomes = async () => {
      const refused: number[] = [];
      for (let number = 0; number < 200; number++)
        await guarded.append(`order-${number}`, [{ ...event, id: idOf(number) }]).catch((error: unknown) => {
          expect(error).to.include({ code: 'TARGET_INTERRUPTED', status: 403 });
          refused.push(number);
        });
      return refused;
    };
    const first = await outcomes();
    expect(first.length).to.be.within(40, 80);
    expect(reports.map(({ enforced }) => enforced)).to.deep.equal(
      Array.from({ length: 200 }, (_, number) => first.includes(number)),
    );
    expect(await outcomes()).to.deep.equal(first);
    expect(target?.server.received).to.have.length(400);
  });

  it('of 0 % observes every event, and of 100 % enforces every event', async () => {
    const { actions, call, guarded, reports } = await openActions();
    const [target] = await call({ event: { all: true } }, { ...refuses, enforcePercent: 0 });
    for (let number = 0; number < 20; number++) await guarded.append('order-1', [event]);
    await actions.targets.change(target?.id ?? '', { enforcePercent: 100 });
    for (let number = 0; number < 20; number++) await rejection(guarded.append('order-1', [event]));
    expect(reports.map(({ enforced }) => enforced)).to.deep.equal(
      Array.from({ length: 40 }, (_, number) => number >= 20),
    );
  });
});
