import { expect } from 'chai';
import { createSeats, seatsInAll, seatsPerInstance } from '../../src/console/live/seats.js';
import { stallMs } from '../../src/console/live/lineWriter.js';
import { pulseMs } from '../../src/zitadel/serving/pulse.js';
import type { Call, CallDetails, LiveLine } from '../../src/console/wire/calls.js';
import type { Listed } from '../../src/console/wire/shared.js';
import type { Access } from '../../src/zitadel/index.js';
import { until } from '../support/conditions.js';
import { manualClock } from '../support/manualClock.js';
import { tokens } from '../zitadel/openService.js';
import { follow, openConsole } from './openConsole.js';

async function openCalled(names: readonly string[]) {
  const opened = await openConsole();
  await opened.call({ request: { all: true } }, { type: 'webhook', name: 'crm' });
  for (const name of names) await opened.actions.request(`/a.S/${name}`, {});
  const list = async (query = '') => (await opened.ask<Listed<Call>>(`calls${query}`)).document;
  return { ...opened, list };
}

const conditions = ({ items }: Listed<Call>) => items.map(({ condition }) => condition);

describe('the latest calls of the console', () => {
  it('are paged from the latest on, and filtered', async () => {
    const { list, actions } = await openCalled(['A', 'B', 'C', 'D']);
    const first = await list('?limit=3');
    expect(conditions(first)).to.deep.equal(['request/a.S/D', 'request/a.S/C', 'request/a.S/B']);
    expect([first.next, first.total]).to.deep.equal(['2', 4]);
    await actions.request('/a.S/E', {});
    const second = await list(`?limit=3&after=${first.next ?? ''}`);
    expect([conditions(second), second.next]).to.deep.equal([['request/a.S/A'], undefined]);
    expect(conditions(await list('?search=s%2Fb'))).to.deep.equal(['request/a.S/B']);
    expect((await list('?search=CRM')).total).to.equal(5);
    expect((await list('?kind=event')).total).to.equal(0);
    expect((await list('?verdict=failed')).total).to.equal(0);
    expect((await list('?condition=request/a.S/C')).total).to.equal(1);
    expect((await list('?targetID=none')).total).to.equal(0);
  });

  it('show one call with its timeline', async () => {
    const { ask, call, guarded } = await openConsole();
    await call({ event: { all: true } }, { type: 'webhook', name: 'one' }, { type: 'webhook', name: 'two' });
    await guarded.append('order-1', [{ type: 'order.placed', data: {} }]);
    await guarded.append('order-2', [{ type: 'order.placed', data: {} }]);
    const { document } = await ask<CallDetails>('calls/3');
    expect(document.call).to.include({ number: 3, name: 'one', stream: 'order-2' });
    expect(document.timeline.map(({ number, name }) => [number, name])).to.deep.equal([
      [3, 'one'],
      [4, 'two'],
    ]);
    for (const number of ['5', '0', 'x']) expect((await ask(`calls/${number}`)).status).to.equal(404);
  });
});

describe('the calls of the console as they happen', () => {
  it('are sent one by one, filtered, after a first beat', async () => {
    const { actions, url } = await openCalled(['A']);
    const all = await follow(url('/api/calls/live'));
    const some = await follow(url('/api/calls/live?search=s%2Fc&kind=request'));
    expect(await all.next()).to.have.property('beat');
    expect(await some.next()).to.have.property('beat');
    for (const name of ['B', 'C']) await actions.request(`/a.S/${name}`, {});
    expect(await all.next()).to.include({ condition: 'request/a.S/B' });
    expect(await all.next()).to.include({ condition: 'request/a.S/C' });
    expect(await some.next()).to.include({ condition: 'request/a.S/C' });
  });

  it('end with a reason when the console is closed', async () => {
    const { url, served } = await openCalled([]);
    const { next, answer } = await follow(url('/api/calls/live'));
    await next();
    await served.close();
    expect(await next()).to.deep.equal({ ended: 'the console was closed' });
    expect(await next()).to.equal(undefined);
    expect(answer.complete).to.equal(true);
  });

  it('end when the actions are closed', async () => {
    const { url, actions } = await openCalled([]);
    const { next } = await follow(url('/api/calls/live'));
    await next();
    await actions.close();
    expect(await next()).to.deep.equal({ ended: 'the calls have ended' });
  });

  it('send a beat at each pulse, and end when the caller loses the permission to read calls', async () => {
    const clock = manualClock();
    let access: Access | undefined = tokens['all'];
    const { url } = await openConsole({}, { authenticate: () => access }, { clock });
    const { next } = await follow(url('/api/calls/live'));
    await next();
    clock.advance(pulseMs);
    expect(await next()).to.deep.equal({ beat: new Date(clock.now()).toISOString() });
    await clock.started(1);
    access = { permissions: ['action.target.read'] };
    clock.advance(pulseMs);
    expect(await next()).to.deep.equal({ ended: 'this call needs the permission action.execution.read' });
    expect(clock.pending()).to.deep.equal([]);
  });

  it('end when the caller is not authenticated before the next pulse', async () => {
    const clock = manualClock();
    let access: Access | undefined | Promise<Access> = tokens['all'];
    const { url } = await openConsole({}, { authenticate: () => access }, { clock });
    const { next } = await follow(url('/api/calls/live'));
    await next();
    access = new Promise(() => undefined);
    clock.advance(pulseMs);
    await clock.started(1);
    clock.advance(pulseMs);
    expect(await next()).to.deep.equal({ ended: 'the request failed; it may be sent again' });
    expect(await next()).to.equal(undefined);
    expect(clock.pending()).to.deep.equal([]);
  });

  it('end when the caller belongs to another instance now', async () => {
    const clock = manualClock();
    let access: Access | undefined = tokens['all'];
    const { url } = await openConsole({}, { authenticate: () => access }, { clock });
    const { next } = await follow(url('/api/calls/live'));
    await next();
    access = { permissions: ['action.execution.read'], instanceID: 'elsewhere' };
    clock.advance(pulseMs);
    expect(await next()).to.deep.equal({ ended: 'the caller belongs to another instance now' });
    expect(clock.pending()).to.deep.equal([]);
  });

  it('are cut off for a page that reads nothing, and delay no call', async () => {
    const clock = manualClock();
    const { call, actions, url, guarded } = await openConsole(
      { calls: { count: 10_000, captureBodies: true } },
      {},
      { clock },
    );
    await call({ event: { all: true } }, { type: 'webhook' });
    const { answer, next } = await follow(url('/api/calls/live'));
    await next();
    answer.pause();
    const data = { text: 'x'.repeat(4_000) };
    let calls = 0;
    // Call until the buffers of both sockets are full and the console waits for the page.
    for (; calls < 5_000 && !clock.pending().includes(stallMs); calls += 1)
      await guarded.append(`order-${calls}`, [{ type: 'order.placed', data }]);
    expect(clock.pending()).to.include(stallMs);
    for (let more = 0; more < 50; more += 1)
      await guarded.append(`more-${more}`, [{ type: 'order.placed', data }]);
    expect(actions.calls.list({ limit: 10_000 })).to.have.length(calls + 50);
    const closed = new Promise((resolve) => answer.once('close', resolve));
    clock.advance(stallMs);
    answer.resume();
    await closed;
    expect(answer.complete, 'it was cut').to.equal(false);
  });

  it('tell a slow page how many calls the page missed', async () => {
    const { call, url, guarded } = await openConsole({ calls: { count: 10_000, captureBodies: true } });
    await call({ event: { all: true } }, { type: 'webhook' });
    const { answer, next } = await follow(url('/api/calls/live'));
    await next();
    answer.pause();
    const total = 2_000;
    const data = { text: 'x'.repeat(4_000) };
    for (let made = 0; made < total; made += 100)
      await Promise.all(
        Array.from({ length: 100 }, (_, place) =>
          guarded.append(`order-${made + place}`, [{ type: 'order.placed', data }]),
        ),
      );
    answer.resume();
    let [seen, missed] = [0, 0];
    while (seen + missed < total) {
      const line = (await next()) as LiveLine;
      if ('missed' in line) missed += line.missed;
      else if ('number' in line) seen += 1;
    }
    expect(missed).to.be.greaterThan(0);
    expect(seen + missed).to.equal(total);
  });

  it('are followed by a limited number of pages of an instance at once', async () => {
    const { url, ask } = await openCalled([]);
    const pages = await Promise.all(
      Array.from({ length: seatsPerInstance }, () => follow(url('/api/calls/live'))),
    );
    expect((await ask('calls/live')).status).to.equal(429);
    await (await follow(url('/api/calls/live'), 'elsewhere')).next();
    for (const { answer } of pages) answer.destroy();
    await until(async () => {
      const abort = new AbortController();
      const headers = { authorization: 'Bearer all' };
      const { status } = await fetch(url('/api/calls/live'), { headers, signal: abort.signal });
      abort.abort();
      return status === 200;
    });
  });

  it("take a subscriber's place from the instance with the most subscribers for an instance with fewer", () => {
    const seats = createSeats();
    const lost: string[] = [];
    const many = seatsInAll / seatsPerInstance;
    for (let instance = 0; instance < many; instance += 1)
      for (let page = 0; page < seatsPerInstance; page += 1)
        seats.take(`i${instance}`, () => lost.push(`i${instance}`));
    const seat = seats.take('late', () => lost.push('late'));
    expect([seat.lost, lost]).to.deep.equal([undefined, ['i0']]);
    for (let page = 1; page < Math.floor(seatsInAll / (many + 1)); page += 1)
      seats.take('late', () => lost.push('late'));
    expect(new Set(lost)).not.to.include('late');
    expect(() => seats.take('late', () => undefined)).to.throw(/close one of them/);
  });

  it('are not followed where calls are not kept', async () => {
    const { ask } = await openConsole({ calls: { count: 0 } });
    expect((await ask('calls/live')).status).to.equal(400);
    expect((await ask('plots')).status).to.equal(404);
    expect((await ask<Listed<Call>>('calls')).document.items).to.deep.equal([]);
    expect((await ask<{ calls: boolean }>('session')).document.calls).to.equal(false);
  });
});
