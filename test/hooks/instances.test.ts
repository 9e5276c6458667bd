import { expect } from 'chai';
import { openActions, rejection } from '../support/openActions.js';

const event = { type: 'order.placed', data: {} };

describe('the instance of an append', () => {
  it('is the instance of runAs, else of the actions: targets of one instance are never called for another', async () => {
    const { actions, call, guarded, reports } = await openActions({ instanceID: 'main' });
    const [ours] = await call({ event: { all: true } }, {});
    const [theirs] = await actions.runAs({ instanceID: 'tenant-7' }, () =>
      call({ event: { all: true } }, {}),
    );

    await guarded.append('order-1', [event]);
    await actions.runAs({ instanceID: 'tenant-7' }, () => guarded.append('order-1', [event]));
    await actions.runAs({ instanceID: 'tenant-8' }, () => guarded.append('order-1', [event]));

    const instances = [ours, theirs].map((target) =>
      target?.server.received.map(({ body }) => (JSON.parse(body) as { instanceID: string }).instanceID),
    );
    expect(instances).to.deep.equal([['main'], ['tenant-7']]);
    expect(reports.map(({ targetID }) => targetID)).to.deep.equal([ours?.id, theirs?.id]);
  });

  it('stays the instance in which the append began, however long its targets take', async () => {
    const { actions, call, guarded } = await openActions();
    const [first, second] = await call({ event: { all: true } }, { script: { delayMs: 10 } }, {});
    const caller = { userID: 'user-1', orgID: 'org-1' };
    const appending = actions.runAs(caller, () => guarded.append('order-1', [event, event]));
    caller.userID = 'user-2';
    await appending;
    const users = [first, second].map((target) =>
      target?.server.received.map(({ body }) => (JSON.parse(body) as { userID: string }).userID),
    );
    expect(users).to.deep.equal([
      ['user-1', 'user-1'],
      ['user-1', 'user-1'],
    ]);
  });
});

describe('many appends at once', () => {
  it('each get their own verdict, also where appends share a signal, without a warning of the process', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    try {
      const { call, guarded, read } = await openActions();
      const [target] = await call(
        { event: { all: true } },
        {
          type: 'requestResponse',
          interruptOnError: true,
          script: ({ body }) => {
            const { event_payload } = JSON.parse(body) as { event_payload: { number: number } };
            const { number } = event_payload;
            return number % 3 === 0
              ? { body: '{"forwardedStatusCode":409}' }
              : { body: JSON.stringify({ number, checked: true }) };
          },
        },
        { type: 'async' },
      );
      const { signal } = new AbortController();
      const numbers = Array.from({ length: 300 }, (_, number) => number);
      const outcomes = await Promise.all(
        numbers.map((number) =>
          guarded.append(`order-${number}`, [{ type: 'order.placed', data: { number } }], { signal }).then(
            () => 'appended',
            (error: unknown) => (error as { status: number }).status,
          ),
        ),
      );
      expect(outcomes).to.deep.equal(numbers.map((number) => (number % 3 === 0 ? 409 : 'appended')));
      expect((await read('order-100')).map(({ data }) => data)).to.deep.equal([
        { number: 100, checked: true },
      ]);
      expect(await read('order-99')).to.deep.equal([]);
      expect(target?.server.received).to.have.length(300);
      await new Promise(setImmediate);
      expect(warnings).to.deep.equal([]);
    } finally {
      process.off('warning', listen);
    }
  });

  it('compete for a version, and exactly one append succeeds', async () => {
    const { call, guarded, read } = await openActions();
    await call({ event: { all: true } }, {});
    const appending = Array.from({ length: 20 }, (_, number) =>
      guarded.append('order-1', [{ type: 'order.placed', data: { number } }], {
        expectedVersion: 'no-stream',
      }),
    );
    const settled = await Promise.allSettled(appending);
    expect(settled.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    const codes = settled.flatMap((one) =>
      one.status === 'rejected' ? [(one.reason as { code: string }).code] : [],
    );
    expect(new Set(codes)).to.deep.equal(new Set(['CONCURRENCY_CONFLICT']));
    expect(await read('order-1')).to.have.length(1);
  });

  it('go on after others failed', async () => {
    const { call, guarded, read } = await openActions();
    const [target] = await call({ event: { all: true } }, { interruptOnError: true, script: 'reset' });
    for (let number = 0; number < 20; number++) await rejection(guarded.append('order-1', [event]));
    target?.server.answer({});
    await guarded.append('order-1', [event]);
    expect(await read('order-1')).to.have.length(1);
  });
});
