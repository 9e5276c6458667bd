import { expect } from 'chai';
import type { Catalogue, Execution } from '../../src/console/wire/executions.js';
import type { Explanation, Rehearsal } from '../../src/console/wire/rehearsals.js';
import type { Listed, Problem } from '../../src/console/wire/shared.js';
import { conditionOf } from '../../src/index.js';
import { json } from '../support/answers.js';
import { openConsole } from './openConsole.js';

const webhook = { name: 'crm', type: 'webhook', endpoint: 'https://crm.example/hooks' } as const;

async function openSet(ids: readonly string[]) {
  const opened = await openConsole();
  const { id } = await opened.actions.targets.add(webhook);
  for (const each of ids) await opened.actions.executions.set(conditionOf(each), [id]);
  const list = async (query: string) => (await opened.ask<Listed<Execution>>(`executions${query}`)).document;
  return { ...opened, targetID: id, list };
}

describe('the executions of the console', () => {
  it('tell which executions an execution shadows, and which executions shadow it', async () => {
    const { list, actions } = await openSet([
      'event',
      'event/order.*',
      'event/order.item.*',
      'event/order.item.added',
      'event/orders.*',
      'request',
      'request/a.S',
      'request/a.S/M',
      'function/f',
    ]);
    await actions.executions.set(conditionOf('event/order.paid'), []);
    const { items, total } = await list('');
    expect(total).to.equal(10);
    const rows = new Map(items.map((row) => [row.id, row]));
    const shadows = (id: string) => rows.get(id)?.shadows;
    expect(shadows('event/order.item.added')).to.deep.equal(['event/order.item.*', 'event/order.*', 'event']);
    expect(shadows('event/order.item.*')).to.deep.equal(['event/order.*', 'event']);
    expect(shadows('event/orders.*')).to.deep.equal(['event']);
    expect(shadows('event'), 'all').to.deep.equal([]);
    expect(shadows('request/a.S/M')).to.deep.equal(['request/a.S', 'request']);
    expect(shadows('function/f')).to.deep.equal([]);
    expect(shadows('event/order.paid'), 'one that calls nothing gives way').to.deep.equal([]);
    expect(rows.get('event')?.shadowedBy).to.deep.equal({
      count: 4,
      ids: ['event/order.*', 'event/order.item.*', 'event/order.item.added', 'event/orders.*'],
    });
    expect(rows.get('event')?.children).to.equal(2);
    expect(rows.get('event/order.*')?.children).to.equal(2);
  });

  it('form a tree that is listed level by level', async () => {
    const { list } = await openSet([
      'event/a.b.*',
      'event/a.b.c',
      'event/a.b.d',
      'event/x',
      'request/s.S/M',
      'request/s.S',
    ]);
    const ids = async (query: string) => (await list(`/tree${query}`)).items.map(({ id }) => id);
    expect(await ids('?kind=event')).to.deep.equal(['event/a.b.*', 'event/x']);
    expect(await ids('')).to.deep.equal(['event/a.b.*', 'event/x', 'request/s.S']);
    expect(await ids('?kind=event&under=event/a.b.*')).to.deep.equal(['event/a.b.c', 'event/a.b.d']);
    expect(await ids('?under=event/a.b.*&limit=1&after=event/a.b.c')).to.deep.equal(['event/a.b.d']);
  });

  it('are paged, filtered by kind, and found by a part of the id', async () => {
    const { list } = await openSet(['event/a', 'event/b', 'event/c', 'request/s.S/M']);
    const first = await list('?limit=2');
    expect([first.items.map(({ id }) => id), first.next, first.total]).to.deep.equal([
      ['event/a', 'event/b'],
      'event/b',
      4,
    ]);
    const second = await list(`?limit=2&after=${first.next ?? ''}`);
    expect([second.items.map(({ id }) => id), second.next]).to.deep.equal([
      ['event/c', 'request/s.S/M'],
      undefined,
    ]);
    expect((await list('?kind=request')).total).to.equal(1);
    expect((await list('?search=S.s%2Fm')).items.map(({ id }) => id)).to.deep.equal(['request/s.S/M']);
  });

  it('are set with targets and includes, at the revision that the page showed', async () => {
    const { ask, actions, targetID } = await openSet(['event/a.*']);
    const made = await ask<Execution>('executions', {
      body: { id: 'event/a.b', entries: [{ include: 'event/a.*' }], revision: null },
    });
    expect(made.document).to.deep.include({
      id: 'event/a.b',
      kind: 'event',
      entries: [{ include: 'event/a.*', missing: false }],
      calls: 1,
    });
    const again = await ask<Problem>('executions', {
      body: { id: 'event/a.b', entries: [], revision: null },
    });
    expect([again.status, again.document.code]).to.deep.equal([409, 'CONCURRENCY_CONFLICT']);
    const { revision } = made.document;
    const entries = [{ target: targetID }];
    const changed = await ask<Execution>('executions', { body: { id: 'event/a.b', entries, revision } });
    expect(changed.document.entries).to.deep.equal([{ target: targetID, name: 'crm', missing: false }]);
    expect((await ask('executions', { body: { id: 'event/a.b', entries: [], revision } })).status).to.equal(
      409,
    );
    expect((await ask('executions/remove', { body: { id: 'event/a.b', revision } })).status).to.equal(409);
    expect((await actions.executions.get(conditionOf('event/a.b'))).targets).to.deep.equal([targetID]);
    const removal = { id: 'event/a.b', revision: changed.document.revision };
    expect((await ask('executions/remove', { body: removal })).document).to.deep.equal({ done: true });
    expect((await ask('executions/one?id=event/a.b')).status).to.equal(404);
    expect((await ask('executions/remove', { body: removal })).status).to.equal(404);
    expect((await ask('executions', { body: { ...removal, entries } })).status).to.equal(409);
  });

  it('mark entries whose target or execution was removed', async () => {
    const { ask, actions, targetID } = await openSet(['event/a', 'event/b']);
    await actions.executions.set(conditionOf('event/c'), [targetID, { include: conditionOf('event/a') }]);
    await actions.executions.remove(conditionOf('event/a'));
    await actions.targets.remove(targetID);
    expect((await ask<Execution>('executions/one?id=event/c')).document.entries).to.deep.equal([
      { target: targetID, missing: true },
      { include: 'event/a', missing: true },
    ]);
  });

  it('refuse malformed input, and write nothing', async () => {
    const { ask, actions, targetID } = await openSet(['event/a']);
    const good = { id: 'event/b', entries: [{ target: targetID }], revision: null };
    for (const body of [
      { ...good, id: 'event/' },
      { ...good, id: 'nothing' },
      { ...good, id: 'event/a..b' },
      { ...good, id: `event/${'a'.repeat(1_001)}` },
      { ...good, entries: [{ target: targetID, include: 'event/a' }] },
      { ...good, entries: [{ include: 'nothing' }] },
      { ...good, entries: [{ target: targetID }, { target: targetID }] },
      { ...good, entries: Array.from({ length: 101 }, (_, place) => ({ target: `t${place}` })) },
      { ...good, revision: undefined },
      { ...good, revision: 'x' },
      { ...good, more: 1 },
    ])
      expect((await ask<Problem>('executions', { body })).document.code, JSON.stringify(body)).to.equal(
        'INVALID_ARGUMENT',
      );
    expect(
      (await ask<Problem>('executions', { body: { ...good, entries: [{ target: 'none' }] } })).document.code,
    ).to.equal('TARGET_NOT_FOUND');
    expect(
      (await ask<Problem>('executions', { body: { ...good, entries: [{ include: 'event/b' }] } })).status,
    ).to.equal(412);
    expect((await actions.executions.list()).total).to.equal(1);
  });

  it('list the registered events, methods, services and functions', async () => {
    const { ask } = await openConsole({
      catalogue: { events: ['order.placed'], methods: ['/a.S/M'], services: ['a.S'], functions: [] },
    });
    expect((await ask<Catalogue>('catalogue')).document).to.deep.equal({
      events: ['order.placed'],
      methods: ['/a.S/M'],
      services: ['a.S'],
      functions: [],
    });
  });
});

describe('an occurrence in the console', () => {
  it('is explained: which targets are called, and why', async () => {
    const { ask, targetID } = await openSet(['event', 'event/order.*']);
    const { document } = await ask<Explanation>('explain', { body: { kind: 'event', name: 'order.placed' } });
    expect(document).to.deep.equal({
      candidates: ['event/order.placed', 'event/order.*', 'event'],
      winner: 'event/order.*',
      targets: [{ id: targetID, name: 'crm', executionID: 'event/order.*' }],
      skipped: [
        { executionID: 'event/order.placed', reason: 'it does not exist' },
        { executionID: 'event', reason: 'event/order.* is more specific' },
      ],
    });
    for (const body of [
      { kind: 'event', name: '' },
      { kind: 'other', name: 'a' },
      { kind: 'request', name: 'a' },
      {},
    ])
      expect((await ask('explain', { body })).status, JSON.stringify(body)).to.equal(400);
  });

  it('is rehearsed: rendered without a call, and called where the request asks for calls', async () => {
    const { ask, call } = await openConsole();
    const [endpoint] = await call(
      { event: { event: 'order.placed' } },
      {
        type: 'requestResponse',
        path: '/hook?key=hidden-query-1',
        headers: { 'x-token': 'hidden-header-2' },
        script: json({ total: 2, echo: 'hidden-query-1' }),
      },
    );
    const occurrence = { kind: 'event', name: 'order.placed', content: { total: 1 }, stream: 'order-1' };
    const rendered = await ask<Rehearsal>('rehearse', { body: { ...occurrence, sequence: '7' } });
    expect(rendered.status).to.equal(200);
    expect(endpoint?.server.received).to.have.length(0);
    const [request] = rendered.document.calls.map((each) => each.request);
    expect(request?.endpoint).to.match(/\/hook\?\*\*\*$/);
    expect(request?.headers).to.include({
      'x-token': '***',
      'zitadel-signature': '***',
      'webhook-signature': '***',
      'actions-rehearsal': 'true',
    });
    expect(JSON.parse(request?.body ?? '')).to.deep.include({
      event_payload: { total: 1 },
      stream: 'order-1',
      sequence: 7,
    });
    const sent = await ask<Rehearsal>('rehearse', { body: { ...occurrence, send: true } });
    expect(endpoint?.server.received).to.have.length(1);
    expect(sent.document.outcome).to.deep.equal({ kind: 'amended', content: { total: 2, echo: '***' } });
    expect(JSON.stringify([rendered.document, sent.document])).not.to.include('hidden-');
  });
});
