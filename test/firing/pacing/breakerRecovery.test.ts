import { expect } from 'chai';
import type { JSONObject } from '../../../src/index.js';
import { openActions } from '../../support/openActions.js';

const event = [{ type: 'order.placed', data: {} }];

describe('a circuit breaker that is open', () => {
  it('lets one call through after its time, which closes the breaker where the call succeeds', async () => {
    const { actions, call, guarded } = await openActions({ breaker: { failures: 1, openMs: 1 } });
    const [target] = await call({ event: { all: true } }, { script: { status: 500 } });
    await guarded.append('order-1', event);
    expect(actions.health().breakers).to.have.length(1);
    // The circuit stays open while each trial call fails.
    while ((target?.server.received.length ?? 0) < 4) await guarded.append('order-1', event);
    expect(actions.health().breakers).to.have.length(1);
    target?.server.answer({});
    while ((target?.server.received.length ?? 0) < 5) await guarded.append('order-1', event);
    expect(actions.health().breakers).to.deep.equal([]);
    await guarded.append('order-1', event);
    expect(target?.server.received).to.have.length(6);
  });

  it('lets no other call through meanwhile, nor wait for the trial call', async () => {
    const { actions, call, guarded, reports } = await openActions({ breaker: { failures: 1, openMs: 1 } });
    const [target] = await call({ event: { all: true } }, { script: { status: 500 }, timeoutMs: 200_000 });
    const { server, id } = target ?? expect.fail('no target');
    await guarded.append('order-1', event);
    let answer = () => {};
    server.answer(
      () =>
        new Promise((resolve) => {
          answer = () => {
            resolve({});
          };
        }),
    );
    let deciding: Promise<unknown> = Promise.resolve();
    while (server.received.length < 2) {
      deciding = guarded.append('order-2', event);
      await Promise.race([deciding, server.whenReceived(2)]);
    }
    expect(actions.health().breakers).to.deep.equal([
      { instanceID: 'default', targetID: id, state: 'half-open' },
    ]);
    for (let times = 0; times < 5; times++) await guarded.append('order-3', event);
    expect(server.received).to.have.length(2);
    expect(reports.slice(-5).every(({ reason }) => reason === 'circuit-open')).to.equal(true);
    answer();
    await deciding;
    expect(actions.health().breakers).to.deep.equal([]);
  });

  it('stays open when its trial call is aborted, or never sent', async () => {
    const { actions, call, guarded } = await openActions({
      breaker: { failures: 1, openMs: 1 },
      limits: { contentBytes: 100, jsonDepth: 32 },
    });
    const [target] = await call({ event: { all: true } }, { script: { status: 500 } });
    const { server } = target ?? expect.fail('no target');
    await guarded.append('order-1', event);
    server.answer('never');
    while (server.received.length < 2) {
      const stop = new AbortController();
      const given = guarded.append('order-1', event, { signal: stop.signal }).catch(() => undefined);
      await Promise.race([given, server.whenReceived(2)]);
      stop.abort();
      await given;
    }
    expect(actions.health().breakers.map(({ state }) => state)).to.deep.equal(['open']);
    const large = [{ type: 'order.placed', data: { text: 'x'.repeat(200) } }];
    const deep = [
      { type: 'order.placed', data: JSON.parse(`{"a":${'['.repeat(40)}${']'.repeat(40)}}`) as JSONObject },
    ];
    for (let times = 0; times < 20; times++) {
      await guarded.append('order-1', times % 2 === 0 ? large : deep);
      expect(actions.health().breakers.map(({ state }) => state)).to.deep.equal(['open']);
    }
    server.answer({});
    while (server.received.length < 3) await guarded.append('order-1', event);
    expect(actions.health().breakers).to.deep.equal([]);
  });
});
