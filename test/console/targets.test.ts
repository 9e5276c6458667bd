import { expect } from 'chai';
import type { Listed, Problem } from '../../src/console/wire/shared.js';
import type { AddedTarget, RotatedKey, Target } from '../../src/console/wire/targets.js';
import { openConsole } from './openConsole.js';

const webhook = { name: 'crm', type: 'webhook', endpoint: 'https://crm.example/hooks' } as const;

describe('the targets of the console', () => {
  it('are added with all their settings in one append, and the key is shown once', async () => {
    const { ask, actions, read } = await openConsole();
    const settings = {
      name: 'events',
      type: 'async',
      endpoint: 'https://crm.example/hooks?key=hidden1',
      delivery: 'durable',
      order: 'strict',
      paused: true,
      timeoutMs: 1_500,
      headers: { 'x-token': 'hidden2' },
    } as const;
    const { status, document } = await ask<AddedTarget>('targets', { body: settings });
    expect(status).to.equal(200);
    expect(document.signingKey).to.match(/^whsec_/);
    expect((await read(`actions.target-default.${document.id}`)).map(({ type }) => type)).to.deep.equal([
      'target.added',
    ]);
    const { document: shown } = await ask<Target>(`targets/${document.id}`);
    const { headers: _headers, endpoint: _endpoint, ...rest } = settings;
    expect(shown).to.include({ ...rest, endpoint: 'https://crm.example/hooks?***' });
    expect(shown.headers).to.deep.equal({ 'x-token': '***' });
    expect(JSON.stringify(shown)).not.to.include('hidden').and.not.to.include('whsec_');
    expect((await actions.targets.get(document.id)).endpoint).to.equal(settings.endpoint);
  });

  it('are changed by the sent fields, at the shown revision', async () => {
    const { ask, actions } = await openConsole();
    const { id } = await actions.targets.add({ ...webhook, headers: { 'x-token': 'kept' } });
    const { document: first } = await ask<Target>(`targets/${id}`);
    const changed = await ask<Target>(`targets/${id}`, {
      body: { revision: first.revision, timeoutMs: 900, headers: { 'x-token': null, 'x-other': 'more' } },
    });
    expect(changed.document).to.deep.include({ timeoutMs: 900, name: 'crm' });
    expect(changed.document.headers).to.deep.equal({ 'x-token': '***', 'x-other': '***' });
    const stale = await ask<Problem>(`targets/${id}`, { body: { revision: first.revision, timeoutMs: 5 } });
    expect([stale.status, stale.document.code]).to.deep.equal([409, 'CONCURRENCY_CONFLICT']);
    expect(stale.document.message).to.include('nothing was written');
    expect((await actions.targets.get(id)).timeoutMs).to.equal(900);
  });

  it('are paused, rotated and removed at the revision that the page showed, and at no other', async () => {
    const { ask, actions } = await openConsole();
    const { id } = await actions.targets.add({ ...webhook, type: 'async', delivery: 'durable' });
    const { document: first } = await ask<Target>(`targets/${id}`);
    const paused = await ask<Target>(`targets/${id}/pause`, {
      body: { revision: first.revision, paused: true },
    });
    expect(paused.document.paused).to.equal(true);
    for (const [path, body] of [
      [`targets/${id}/pause`, { paused: false }],
      [`targets/${id}/rotate`, { graceMs: 1_000 }],
      [`targets/${id}/remove`, {}],
    ] as const)
      expect((await ask(path, { body: { ...body, revision: first.revision } })).status, path).to.equal(409);
    const rotated = await ask<RotatedKey>(`targets/${id}/rotate`, {
      body: { revision: paused.document.revision, graceMs: 1_000 },
    });
    expect(rotated.document.signingKey).to.match(/^whsec_/);
    const { revision } = rotated.document.target;
    expect((await ask(`targets/${id}/remove`, { body: { revision } })).document).to.deep.equal({
      done: true,
    });
    expect((await ask(`targets/${id}`)).status).to.equal(404);
    for (const [path, body] of [
      [`targets/${id}`, { timeoutMs: 5 }],
      [`targets/${id}/pause`, { paused: false }],
      [`targets/${id}/rotate`, { graceMs: 1_000 }],
      [`targets/${id}/remove`, {}],
    ] as const) {
      const gone = await ask<Problem>(path, { body: { ...body, revision } });
      expect([gone.status, gone.document.code], path).to.deep.equal([404, 'TARGET_NOT_FOUND']);
    }
  });

  it('are paged, sorted, filtered, and found by a part of the name or by the id', async () => {
    const { ask, actions } = await openConsole();
    const ids: string[] = [];
    for (const [place, type] of (['webhook', 'async', 'webhook', 'async', 'webhook'] as const).entries())
      ids.push((await actions.targets.add({ ...webhook, name: `Name ${4 - place}`, type })).id);
    const names = async (query: string) => {
      const { document } = await ask<Listed<Target>>(`targets?${query}`);
      return { ...document, items: document.items.map(({ name }) => name) };
    };
    expect(await names('limit=2')).to.deep.equal({ items: ['Name 0', 'Name 1'], next: '2', total: 5 });
    expect(await names('limit=2&after=4')).to.deep.equal({ items: ['Name 4'], total: 5 });
    expect((await names('sort=-name&limit=1')).items).to.deep.equal(['Name 4']);
    expect((await names('type=async')).items).to.deep.equal(['Name 1', 'Name 3']);
    expect((await names('search=NAME%203')).items).to.deep.equal(['Name 3']);
    expect((await names(`search=${ids[0] ?? ''}`)).items).to.deep.equal(['Name 4']);
    expect((await names('after=99')).items).to.deep.equal([]);
  });

  it('refuse malformed input, and write nothing', async () => {
    const { ask, actions, read } = await openConsole();
    const { id } = await actions.targets.add(webhook);
    const { document: target } = await ask<Target>(`targets/${id}`);
    const { revision } = target;
    for (const [path, body] of [
      ['targets', { ...webhook, name: '' }],
      ['targets', { ...webhook, name: 'a'.repeat(1_001) }],
      ['targets', { ...webhook, name: 'half \ud800' }],
      ['targets', { ...webhook, name: 'other', endpoint: 'ftp://crm.example/' }],
      ['targets', { ...webhook, name: 'other', endpoint: 'http://127.0.0.1/' }],
      ['targets', { ...webhook, name: 'other', timeoutMs: 0 }],
      ['targets', { ...webhook, name: 'other', timeoutMs: 271_000 }],
      ['targets', { ...webhook, name: 'other', more: 1 }],
      ['targets', { ...webhook, name: 'other', revision }],
      ['targets', { ...webhook, name: 'other', endpoint: 'https://crm.example/?***' }],
      ['targets', []],
      ['targets', null],
      ['targets', 'text'],
      [`targets/${id}`, { timeoutMs: 5 }],
      [`targets/${id}`, { timeoutMs: 5, revision: null }],
      [`targets/${id}`, { timeoutMs: 5, revision: '' }],
      [`targets/${id}`, { timeoutMs: 'soon', revision }],
      [`targets/${id}`, { endpoint: 'https://crm.example/?***', revision }],
      [`targets/${id}`, { rotateSigningKey: { graceMs: 1 }, revision }],
      [`targets/${id}/pause`, { paused: 'yes', revision }],
      [`targets/${id}/pause`, { paused: true }],
      [`targets/${id}/rotate`, { graceMs: -1, revision }],
      [`targets/${id}/rotate`, {}],
      [`targets/${id}/remove`, {}],
      [`targets/${'i'.repeat(201)}/remove`, { revision }],
    ] as const) {
      const answer = await ask<Problem>(path, { body });
      expect([answer.status, answer.document.code], JSON.stringify([path, body])).to.deep.equal([
        400,
        'INVALID_ARGUMENT',
      ]);
    }
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'after=-1',
      'sort=size',
      'type=x',
      'more=1',
      'limit=1&limit=2',
    ])
      expect((await ask(`targets?${query}`)).status, query).to.equal(400);
    expect(await read(`actions.target-default.${id}`)).to.have.length(1);
    expect((await actions.targets.list()).total).to.equal(1);
  });

  it('have unique names', async () => {
    const { ask, actions } = await openConsole();
    await actions.targets.add(webhook);
    const { status, document } = await ask<Problem>('targets', { body: { ...webhook, name: 'CRM' } });
    expect([status, document.code]).to.deep.equal([409, 'ALREADY_EXISTS']);
  });
});
