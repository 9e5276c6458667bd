import { expect } from 'chai';
import { isActionsError, type LimitOptions } from '../../../src/index.js';
import { openActions, rejection } from '../../support/openActions.js';
import type { Script } from '../../support/targetServer.js';
import { until } from '../../support/conditions.js';

/** An endpoint that answers when the test says so, and counts the calls at once. */
function gate() {
  const held: (() => void)[] = [];
  let most = 0;
  const script: Script = () =>
    new Promise((resolve) => {
      held.push(() => {
        resolve({});
      });
      most = Math.max(most, held.length);
    });
  return {
    script,
    most: () => most,
    letOneGo: () => held.shift()?.(),
    letGo: () => {
      for (const answer of held.splice(0)) answer();
    },
    whenHeld: async (count: number) => {
      await until(() => held.length >= count);
    },
  };
}

const event = (place: number) => [{ type: 'order.placed', data: { place } }];
const reasonOf = (error: unknown) => (isActionsError(error, 'TARGET_INTERRUPTED') ? error.reason : error);

describe('calls of one target', () => {
  it('run in a bounded number at once, and the others follow in order', async () => {
    const { script, most, letOneGo, whenHeld } = gate();
    const { actions, call, guarded } = await openActions({ limits: { callsPerTarget: 2 } });
    const [target] = await call({ event: { all: true } }, { script });
    const appended = Promise.all(
      Array.from({ length: 6 }, (_, place) => guarded.append(`order-${place}`, event(place))),
    );
    await whenHeld(2);
    expect(actions.health().queues.calls.waiting).to.equal(4);
    for (let answered = 1; answered <= 6; answered++) {
      letOneGo();
      await target?.server.whenReceived(Math.min(6, answered + 2));
      await whenHeld(Math.min(2, 6 - answered));
    }
    await appended;
    expect(most()).to.equal(2);
    const places = target?.server.received.map(({ body }) => /"place":(\d)/.exec(body)?.[1]);
    expect(places?.slice(2)).to.deep.equal(['2', '3', '4', '5']);
    expect(actions.health().queues.calls.waiting).to.equal(0);
  });

  it('leave places to another target of the same host', async () => {
    const { actions, serve, guarded } = await openActions({ limits: { callsPerTarget: 2, callsPerHost: 3 } });
    const { script, letGo, whenHeld } = gate();
    const server = await serve((call, ...rest) =>
      call.path === '/slow' && typeof script === 'function' ? script(call, ...rest) : {},
    );
    for (const name of ['slow', 'quick']) {
      const { id } = await actions.targets.add({ name, type: 'webhook', endpoint: server.url(`/${name}`) });
      await actions.executions.set({ event: { event: name } }, [id]);
    }
    const slow = Array.from({ length: 10 }, (_, place) =>
      guarded.append(`slow-${place}`, [{ type: 'slow', data: {} }]),
    );
    await whenHeld(2);
    for (let place = 0; place < 10; place++)
      await guarded.append(`quick-${place}`, [{ type: 'quick', data: {} }]);
    expect(server.received.filter(({ path }) => path === '/quick')).to.have.length(10);
    expect(server.received.filter(({ path }) => path === '/slow')).to.have.length(2);
    server.answer({});
    letGo();
    await Promise.all(slow);
  });

  it('share the places of their host, in all instances', async () => {
    const { script, most, letOneGo, whenHeld } = gate();
    const { actions, serve, guarded } = await openActions({ limits: { callsPerHost: 2 } });
    const server = await serve(script);
    const inInstance = (place: number) => ({ instanceID: `i${place % 3}` });
    for (let place = 0; place < 3; place++)
      await actions.runAs(inInstance(place), async () => {
        const { id } = await actions.targets.add({ name: 't', type: 'webhook', endpoint: server.url() });
        await actions.executions.set({ event: { all: true } }, [id]);
      });
    const appended = Promise.all(
      Array.from({ length: 6 }, (_, place) =>
        actions.runAs(inInstance(place), () => guarded.append(`order-${place}`, event(place))),
      ),
    );
    for (let answered = 0; answered < 6; answered++) {
      await whenHeld(Math.min(2, 6 - answered));
      letOneGo();
    }
    await appended;
    expect(most()).to.equal(2);
    expect(server.received).to.have.length(6);
  });

  describe('that find the queue full', () => {
    const limits: LimitOptions = { callsPerTarget: 1, callQueue: 1 };

    it('fail the append with interruptOnError, and write nothing', async () => {
      const { script, letGo, whenHeld } = gate();
      const { call, guarded, read } = await openActions({ limits });
      const [target] = await call({ event: { all: true } }, { script, interruptOnError: true });
      const [first, second] = [guarded.append('order-1', event(1)), guarded.append('order-2', event(2))];
      await whenHeld(1);
      expect(reasonOf(await rejection(guarded.append('order-3', event(3))))).to.equal('queue-full');
      target?.server.answer({});
      letGo();
      await Promise.all([first, second]);
      expect(target?.server.received).to.have.length(2);
      expect(await read('order-3')).to.deep.equal([]);
      await guarded.append('order-3', event(3));
    });

    it('are passed over without interruptOnError, and are reported', async () => {
      const { script, letGo, whenHeld } = gate();
      const { call, guarded, read, reports } = await openActions({ limits });
      const [target] = await call({ event: { all: true } }, { script });
      const waiting = [guarded.append('order-1', event(1)), guarded.append('order-2', event(2))];
      await whenHeld(1);
      await guarded.append('order-3', event(3));
      expect(await read('order-3')).to.have.length(1);
      expect(reports.map(({ verdict, reason }) => [verdict, reason])).to.deep.equal([
        ['failed', 'queue-full'],
      ]);
      target?.server.answer({});
      letGo();
      await Promise.all(waiting);
    });

    it('of the host are errors of their targets alike', async () => {
      const { script, letGo, whenHeld } = gate();
      const { actions, serve, guarded } = await openActions({ limits: { callsPerHost: 1, callQueue: 0 } });
      const server = await serve(script);
      const endpoint = server.url();
      for (const name of ['one', 'two']) {
        const { id } = await actions.targets.add({ name, type: 'webhook', endpoint, interruptOnError: true });
        await actions.executions.set({ event: { event: name } }, [id]);
      }
      const first = guarded.append('order-1', [{ type: 'one', data: {} }]);
      await whenHeld(1);
      const second = rejection(guarded.append('order-2', [{ type: 'two', data: {} }]));
      expect(reasonOf(await second)).to.equal('queue-full');
      letGo();
      await first;
    });
  });

  it('need no more connections than socketsPerHost, and go out in order', async () => {
    const { call, guarded } = await openActions({ limits: { socketsPerHost: 3 } });
    const [target] = await call({ event: { all: true } }, {});
    await Promise.all(
      Array.from({ length: 60 }, (_, place) => guarded.append(`order-${place}`, event(place))),
    );
    expect(target?.server.connections()).to.equal(3);
    const places = target?.server.received.map(({ body }) => Number(/"place":(\d+)/.exec(body)?.[1]));
    expect(places).to.have.length(60);
    const late = places?.filter((place, index) => Math.abs(place - index) > 3);
    expect(late).to.deep.equal([]);
  });

  it('give their place to the next call when a call fails', async () => {
    const { call, guarded, reports } = await openActions({ limits: { socketsPerHost: 2 } });
    const [target] = await call({ event: { all: true } }, { script: 'reset' });
    await Promise.all(
      Array.from({ length: 12 }, (_, place) => guarded.append(`order-${place}`, event(place))),
    );
    expect(reports.map(({ reason }) => reason)).to.deep.equal(Array.from({ length: 12 }, () => 'network'));
    target?.server.answer({});
    await guarded.append('order-1', event(13));
    expect(reports.at(-1)?.verdict).to.equal('passed');
  });

  it('that wait longer than their timeout are a time-out, and are never sent', async () => {
    const { script, letGo, whenHeld } = gate();
    const { actions, call, guarded } = await openActions({ limits: { callsPerTarget: 1 } });
    const [target] = await call({ event: { all: true } }, { script, interruptOnError: true });
    const first = guarded.append('order-1', event(1));
    await whenHeld(1);
    await actions.targets.change(target?.id ?? '', { timeoutMs: 50 });
    const error = await rejection(guarded.append('order-2', event(2)));
    expect(reasonOf(error)).to.equal('timeout');
    expect(isActionsError(error) && error.status).to.equal(504);
    expect(actions.health().queues.calls.waiting).to.equal(0);
    letGo();
    await first;
    expect(target?.server.received).to.have.length(1);
  });

  it('that are given up while waiting leave the queue', async () => {
    const { script, letGo, whenHeld } = gate();
    const { actions, call, guarded } = await openActions({ limits: { callsPerTarget: 1, callQueue: 1 } });
    const [target] = await call({ event: { all: true } }, { script });
    const first = guarded.append('order-1', event(1));
    await whenHeld(1);
    for (let times = 0; times < 3; times++) {
      const stop = new AbortController();
      const second = guarded.append('order-2', event(2), { signal: stop.signal });
      await until(() => actions.health().queues.calls.waiting !== 0);
      const reason = new Error('given up');
      stop.abort(reason);
      expect(await rejection(second)).to.equal(reason);
      expect(actions.health().queues.calls.waiting).to.equal(0);
    }
    target?.server.answer({});
    letGo();
    await first;
    await guarded.append('order-3', event(3));
    expect(target?.server.received).to.have.length(2);
  });

  it('that wait are cut off when the actions are closed', async () => {
    const { script, whenHeld } = gate();
    const { actions, call, guarded, read } = await openActions({
      limits: { callsPerTarget: 1, drainMs: 10 },
    });
    await call({ event: { all: true } }, { script });
    const appends = [1, 2, 3].map((place) => rejection(guarded.append(`order-${place}`, event(place))));
    await whenHeld(1);
    await actions.close();
    for (const error of await Promise.all(appends))
      expect(isActionsError(error, 'ACTIONS_CLOSED'), String(error)).to.equal(true);
    expect(await read('order-1')).to.deep.equal([]);
  });
});
