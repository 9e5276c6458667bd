import { expect } from 'chai';
import { createActions, isActionsError, memoryEventStore, type BreakerOptions } from '../../../src/index.js';
import { json, refusal } from '../../support/answers.js';
import { openActions, rejection } from '../../support/openActions.js';
import type { Script } from '../../support/targetServer.js';
import { until } from '../../support/conditions.js';

const event = [{ type: 'order.placed', data: {} }];
const reasonOf = (error: unknown) => (isActionsError(error, 'TARGET_INTERRUPTED') ? error.reason : error);
/** Longer than any test. */
const forGood = 600_000;

describe('a circuit breaker', () => {
  const failing: readonly (readonly [string, Script, string])[] = [
    ['resets its connections', 'reset', 'network'],
    ['does not answer in time', 'never', 'timeout'],
    ['answers 500', { status: 500 }, 'status'],
    ['answers 503', { status: 503 }, 'status'],
    ['answers 599', { status: 599 }, 'status'],
    ['answers 429', { status: 429 }, 'status'],
  ];
  for (const [what, script, reason] of failing)
    it(`stops calling a target that ${what}`, async () => {
      const { actions, call, guarded, read } = await openActions({
        breaker: { failures: 3, openMs: forGood },
      });
      const [target] = await call(
        { event: { all: true } },
        { script, interruptOnError: true, timeoutMs: what.includes('in time') ? 300 : 10_000 },
      );
      const reasons: unknown[] = [];
      for (let times = 0; times < 5; times++)
        reasons.push(reasonOf(await rejection(guarded.append('order-1', event))));
      expect(reasons).to.deep.equal([reason, reason, reason, 'circuit-open', 'circuit-open']);
      expect(target?.server.received).to.have.length(3);
      expect(await read('order-1')).to.deep.equal([]);
      expect(actions.health().breakers).to.deep.equal([
        { instanceID: 'default', targetID: target?.id, state: 'open' },
      ]);
    });

  const answering: readonly (readonly [string, Script])[] = [
    ['refuses on purpose', refusal(403, 'not yours')],
    ['answers 400', { status: 400 }],
    ['answers 404', { status: 404 }],
    ['answers 302', { status: 302, headers: { location: '/' } }],
    ['answers invalid content', json('text')],
    ['answers invalid JSON', { body: '{' }],
    ['answers too much', { body: 'x'.repeat(2_000) }],
    ['is content', {}],
  ];
  for (const [what, script] of answering)
    it(`goes on calling a target that ${what}`, async () => {
      const { actions, call, guarded } = await openActions({
        breaker: { failures: 2, openMs: forGood },
        limits: { answerBytes: 1_000 },
      });
      const [target] = await call({ event: { all: true } }, { type: 'requestResponse', script });
      for (let times = 0; times < 8; times++) await guarded.append('order-1', event);
      expect(target?.server.received).to.have.length(8);
      expect(actions.health().breakers).to.deep.equal([]);
    });

  it('passes over its target without interruptOnError, and leaves the others alone', async () => {
    const { call, guarded, read, reports } = await openActions({ breaker: { failures: 2, openMs: forGood } });
    const [bad, good] = await call(
      { event: { all: true } },
      { script: { status: 500 } },
      { type: 'requestResponse', script: json({ seen: true }) },
    );
    for (let times = 0; times < 4; times++) await guarded.append('order-1', event);
    expect(bad?.server.received).to.have.length(2);
    expect(good?.server.received).to.have.length(4);
    expect((await read('order-1')).map(({ data }) => data)).to.deep.equal(
      Array.from({ length: 4 }, () => ({ seen: true })),
    );
    const ofBad = reports.filter(({ targetID }) => targetID === bad?.id);
    expect(ofBad.map(({ reason }) => reason)).to.deep.equal([
      'status',
      'status',
      'circuit-open',
      'circuit-open',
    ]);
  });

  it('holds for async targets too', async () => {
    const { call, guarded, reports } = await openActions({ breaker: { failures: 1, openMs: forGood } });
    const [target] = await call({ event: { all: true } }, { type: 'async', script: { status: 500 } });
    for (let times = 1; times <= 3; times++) {
      await guarded.append('order-1', event);
      await until(() => reports.length >= times);
    }
    expect(target?.server.received).to.have.length(1);
    expect(reports.map(({ reason }) => reason)).to.deep.equal(['status', 'circuit-open', 'circuit-open']);
  });

  it('counts consecutive failures: a success restarts the count', async () => {
    let calls = 0;
    const script: Script = () => (++calls % 3 === 0 ? {} : { status: 500 });
    const { actions, call, guarded } = await openActions({ breaker: { failures: 3, openMs: forGood } });
    await call({ event: { all: true } }, { script });
    for (let times = 0; times < 12; times++) await guarded.append('order-1', event);
    expect(calls).to.equal(12);
    expect(actions.health().breakers).to.deep.equal([]);
  });

  it('ignores calls that their callers aborted', async () => {
    const { actions, call, guarded } = await openActions({ breaker: { failures: 2, openMs: forGood } });
    const [target] = await call({ event: { all: true } }, { script: 'never' });
    const giveUp = async (received: number) => {
      const stop = new AbortController();
      const given = guarded.append('order-1', event, { signal: stop.signal });
      await target?.server.whenReceived(received);
      stop.abort(new Error('given up'));
      expect(String(await rejection(given))).to.contain('given up');
    };
    for (let times = 1; times <= 5; times++) await giveUp(times);
    expect(actions.health().breakers).to.deep.equal([]);
    // Neither does such a call reset the count of failures.
    target?.server.answer({ status: 500 });
    await guarded.append('order-1', event);
    target?.server.answer('never');
    await giveUp(7);
    target?.server.answer({ status: 500 });
    await guarded.append('order-1', event);
    expect(actions.health().breakers).to.have.length(1);
  });

  it('ignores calls that were never sent', async () => {
    const { actions, call, guarded } = await openActions({
      breaker: { failures: 2, openMs: forGood },
      limits: { contentBytes: 100 },
    });
    const [target] = await call({ event: { all: true } }, {});
    const large = [{ type: 'order.placed', data: { text: 'x'.repeat(200) } }];
    for (let times = 0; times < 5; times++) await guarded.append('order-1', large);
    await guarded.append('order-1', event);
    expect(target?.server.received).to.have.length(1);
    expect(actions.health().breakers).to.deep.equal([]);
  });

  it('starts over with another endpoint, and is forgotten with its target', async () => {
    const { actions, call, serve, guarded } = await openActions({
      breaker: { failures: 1, openMs: forGood },
    });
    const [target] = await call({ event: { all: true } }, { script: { status: 500 } });
    const { id } = target ?? expect.fail('no target');
    await guarded.append('order-1', event);
    expect(actions.health().breakers).to.have.length(1);
    const mended = await serve();
    await actions.targets.change(id, { endpoint: mended.url() });
    await guarded.append('order-1', event);
    expect(mended.received).to.have.length(1);
    expect(actions.health().breakers).to.deep.equal([]);
    mended.answer({ status: 500 });
    await guarded.append('order-1', event);
    expect(actions.health().breakers).to.have.length(1);
    await actions.targets.remove(id);
    expect(actions.health().breakers).to.deep.equal([]);
  });

  it('belongs to one target of one instance', async () => {
    const { actions, serve, guarded } = await openActions({ breaker: { failures: 1, openMs: forGood } });
    const server = await serve({ status: 500 });
    const inOther = <Result>(action: () => Result) => actions.runAs({ instanceID: 'other' }, action);
    const add = async () => {
      const { id } = await actions.targets.add({ name: 't', type: 'webhook', endpoint: server.url() });
      await actions.executions.set({ event: { all: true } }, [id]);
    };
    await add();
    await inOther(add);
    await guarded.append('order-1', event);
    await inOther(() => guarded.append('order-1', event));
    expect(server.received).to.have.length(2);
    expect(actions.health().breakers.map(({ instanceID }) => instanceID)).to.deep.equal(['default', 'other']);
  });

  it('is off unless the option asks for a breaker, and has defaults', async () => {
    const without = await openActions();
    const [target] = await without.call({ event: { all: true } }, { script: { status: 500 } });
    for (let times = 0; times < 8; times++) await without.guarded.append('order-1', event);
    expect(target?.server.received).to.have.length(8);
    const usual = await openActions({ breaker: {} });
    const [other] = await usual.call({ event: { all: true } }, { script: { status: 500 } });
    for (let times = 0; times < 8; times++) await usual.guarded.append('order-1', event);
    expect(other?.server.received).to.have.length(5);
  });

  for (const breaker of [
    { failures: 0 },
    { failures: 1.5 },
    { failures: '3' },
    { openMs: 0 },
    { openMs: Infinity },
    { openMs: 2 ** 31 },
    { threshold: 3 },
    true,
    5,
  ])
    it(`refuses ${JSON.stringify(breaker)}`, async () => {
      const eventStore = memoryEventStore();
      const error = await rejection(createActions({ eventStore, breaker: breaker as BreakerOptions }));
      expect(isActionsError(error, 'INVALID_ARGUMENT'), String(error)).to.equal(true);
    });
});
