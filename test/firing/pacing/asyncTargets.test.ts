import { expect } from 'chai';
import { openActions, rejection } from '../../support/openActions.js';
import type { TargetServer } from '../../support/targetServer.js';

const payloads = (server: TargetServer | undefined) =>
  (server?.received ?? []).map(({ body }) => (JSON.parse(body) as { event_payload: unknown }).event_payload);
const event = { type: 'order.placed', data: { step: 0 } };

describe('an async target', () => {
  it("is sent the content as it is at the target's place in the list, and changes nothing", async () => {
    const { actions, call, guarded, read, reports } = await openActions();
    const amends = (step: number) => ({
      type: 'requestResponse' as const,
      script: { body: `{"step":${step}}` },
    });
    const endpoints = await call(
      { event: { all: true } },
      { type: 'async', script: { status: 500, body: '{"step":9}' } },
      amends(1),
      { type: 'async', script: { body: '{"forwardedStatusCode":403}' } },
      amends(2),
      { type: 'async' },
    );
    await guarded.append('order-1', [event]);
    await actions.close();
    expect(endpoints.map(({ server }) => payloads(server))).to.deep.equal([
      [{ step: 0 }],
      [{ step: 0 }],
      [{ step: 1 }],
      [{ step: 1 }],
      [{ step: 2 }],
    ]);
    expect((await read('order-1')).map(({ data }) => data)).to.deep.equal([{ step: 2 }]);
    const byTarget = new Map(reports.map((report) => [report.targetID, report]));
    expect(endpoints.map(({ id }) => byTarget.get(id)?.verdict)).to.deep.equal([
      'failed',
      'amended',
      'passed',
      'amended',
      'passed',
    ]);
    expect(byTarget.get(endpoints[0]?.id ?? '')).to.include({ reason: 'status', status: 500 });
  });

  it('delays no operation, and outlives the budget, the end and the signal of the operation', async () => {
    const { actions, call, guarded, reports } = await openActions({ limits: { budgetMs: 5_000 } });
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const [target] = await call(
      { event: { all: true } },
      { type: 'async', script: async () => held.then(() => ({})) },
    );
    const giveUp = new AbortController();
    await guarded.append('order-1', [event], { signal: giveUp.signal });
    await target?.server.whenReceived(1);
    expect(actions.health().queues.async).to.deep.equal({ running: 1, waiting: 0 });
    expect(reports).to.deep.equal([]);

    giveUp.abort();
    answer();
    await actions.close();
    expect(reports.map(({ verdict, status }) => [verdict, status])).to.deep.equal([['passed', 200]]);
  });

  it('is called though a later target vetoes: the target was told of an append that may still fail', async () => {
    const { call, guarded, read } = await openActions();
    const [told] = await call(
      { event: { all: true } },
      { type: 'async' },
      { interruptOnError: true, script: { status: 403 } },
    );
    await rejection(guarded.append('order-1', [event]));
    const [received] = (await told?.server.whenReceived(1)) ?? [];
    expect(received?.body).to.contain('"phase":"before-append"');
    expect(await read('order-1')).to.deep.equal([]);
  });

  it('has a deadline of its own', async () => {
    const { actions, call, guarded, reports } = await openActions();
    await call({ event: { all: true } }, { type: 'async', timeoutMs: 50, script: 'never' });
    await guarded.append('order-1', [event]);
    await actions.close();
    expect(reports.map(({ verdict, reason }) => [verdict, reason])).to.deep.equal([['failed', 'timeout']]);
  });

  it('is dropped, counted and reported where the queue is full, and never holds up an append', async () => {
    const { actions, call, guarded, reports } = await openActions({
      limits: { asyncAtOnce: 2, asyncQueue: 3, drainMs: 0 },
    });
    const [target] = await call({ event: { all: true } }, { type: 'async', script: 'never' });
    for (let number = 0; number < 9; number++) await guarded.append('order-1', [event]);
    await target?.server.whenReceived(2);
    expect(actions.health().dropped).to.equal(4);
    expect(actions.health().queues.async).to.deep.equal({ running: 2, waiting: 3 });
    expect(reports.map(({ reason, verdict, targetID }) => [reason, verdict, targetID])).to.deep.equal(
      Array.from({ length: 4 }, () => ['queue-full', 'failed', target?.id]),
    );

    await actions.close();
    // Queued and running calls are reported too when they are dropped.
    expect(reports).to.have.length(9);
    expect(reports.slice(4).map(({ verdict }) => verdict)).to.deep.equal(
      Array.from({ length: 5 }, () => 'failed'),
    );
    expect(actions.health().queues.async).to.deep.equal({ running: 0, waiting: 0 });
    expect(target?.server.received).to.have.length(2);
  });

  it('runs a bounded number of calls at once', async () => {
    const { actions, call, guarded } = await openActions({ limits: { asyncAtOnce: 3 } });
    let running = 0;
    let most = 0;
    await call(
      { event: { all: true } },
      {
        type: 'async',
        script: async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 2));
          running--;
          return {};
        },
      },
    );
    await guarded.append(
      'order-1',
      Array.from({ length: 30 }, () => event),
    );
    await actions.close();
    expect(most).to.equal(3);
  });
});
