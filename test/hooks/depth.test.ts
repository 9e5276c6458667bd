import { expect } from 'chai';
import { InvalidArgumentError } from '../../src/index.js';
import { openActions, rejection } from '../support/openActions.js';

const event = { type: 'order.placed', data: {} };

describe('the depth of an append', () => {
  it('is one deeper than the depth of the context', async () => {
    const { actions, call, guarded } = await openActions();
    const [target] = await call({ event: { all: true } }, {});
    await guarded.append('order-1', [event]);
    await actions.runAs({ depth: 2 }, () => guarded.append('order-1', [event]));
    await actions.runAs({ depth: 1 }, () =>
      actions.runAs({ userID: 'user-1' }, () => guarded.append('order-1', [event])),
    );
    expect(target?.server.received.map(({ headers }) => headers['actions-depth'])).to.deep.equal([
      '1',
      '3',
      '2',
    ]);
  });

  it('ends at three, before any call, where a target is to be called', async () => {
    const { actions, call, guarded, read } = await openActions();
    const [target] = await call({ event: { event: 'order.placed' } }, { interruptOnError: false });
    for (const depth of [3, 4, 1_000_000]) {
      const error = await rejection(actions.runAs({ depth }, async () => guarded.append('order-1', [event])));
      expect(error).to.include({ code: 'REENTRANCY_LIMIT', status: 508 });
    }
    await actions.runAs({ depth: 3 }, () => guarded.append('order-1', [{ type: 'order.noted', data: {} }]));
    expect(target?.server.connections()).to.equal(0);
    expect(await read('order-1')).to.have.length(1);
  });

  for (const [words, mode, settings] of [
    ['in observe mode', 'observe', {}],
    ['for a target that is only observed', 'enforce', { enforcement: 'observe' }],
    ['for an async target', 'enforce', { type: 'async' }],
  ] as const)
    it(`ends at three ${words}`, async () => {
      const { actions, call, guarded } = await openActions({ mode });
      const [target] = await call({ event: { all: true } }, settings);
      const error = await rejection(
        actions.runAs({ depth: 3 }, async () => guarded.append('order-1', [event])),
      );
      expect(error).to.include({ code: 'REENTRANCY_LIMIT' });
      expect(target?.server.connections()).to.equal(0);
    });

  it('bounds an endpoint whose every call appends an event', async () => {
    const { actions, call, guarded, read, reports } = await openActions();
    const failures: unknown[] = [];
    await call(
      { event: { all: true } },
      {
        script: async ({ headers }) => {
          await actions
            .runAs({ depth: Number(headers['actions-depth']) }, async () => guarded.append('loop-1', [event]))
            .catch((error: unknown) => failures.push(error));
          return {};
        },
      },
    );
    await guarded.append('loop-1', [event]);
    expect(failures).to.have.length(1);
    expect(failures[0]).to.include({ code: 'REENTRANCY_LIMIT' });
    expect(await read('loop-1')).to.have.length(3);
    expect(reports).to.have.length(3);
  });

  it('is a whole number of at least 0', async () => {
    const { actions } = await openActions();
    for (const depth of [-1, 0.5, NaN, Infinity, '1', null, 1n])
      expect(() => actions.runAs({ depth: depth as number }, () => undefined), String(depth)).to.throw(
        InvalidArgumentError,
      );
  });
});
