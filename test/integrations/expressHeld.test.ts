import { expect } from 'chai';
import { createServer } from 'node:http';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { EventEmitter, once } from 'node:events';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { request } from 'undici';
import { currentCaller } from '../../src/hooks/context/caller.js';
import { expressActions } from '../../src/integrations/express/index.js';
import { bodies, json, refusal } from '../support/answers.js';
import { until } from '../support/conditions.js';
import { openActions, type OpenedActions } from '../support/openActions.js';
import { openDescriptors } from '../e2e/integrations/differential/differences.js';
import { compressing } from '../e2e/integrations/differential/expressMiddleware.js';
import { rawAnswer } from '../e2e/integrations/differential/rawAnswer.js';
import { method } from './httpServer.js';
import { listen } from '../support/listen.js';

const asked = { type: 'requestResponse', interruptOnError: true } as const;
const onResponse = { response: { method } };

interface ServeOptions {
  readonly before?: readonly RequestHandler[];
  readonly settings?: Readonly<Record<string, unknown>>;
}

async function serve(
  { actions }: OpenedActions,
  handler: (request: Request, response: Response) => unknown,
  { before = [], settings = {} }: ServeOptions = {},
) {
  const app = express().set('env', 'test');
  for (const [name, value] of Object.entries(settings)) app.set(name, value);
  const caller = (incoming: Request) => ({ userID: incoming.get('x-user') });
  app.post('/', ...before, expressActions(actions, { method, caller }), handler as RequestHandler);
  const port = await listen(createServer(app));
  return {
    port,
    async send(headers: Record<string, string> = {}) {
      const {
        statusCode,
        headers: received,
        body,
      } = await request(`http://127.0.0.1:${port}`, {
        method: 'POST',
        headers,
      });
      return { status: statusCode, headers: received, text: await body.text() };
    },
  };
}

describe('a held response of Express', () => {
  for (const [what, before] of [
    ['', []],
    [' under compression', [compressing]],
  ] as const) {
    it(`closes the files of 50 refused streams${what}`, async () => {
      const opened = await openActions();
      await opened.call(onResponse, { ...asked, script: refusal(403) });
      const { send } = await serve(opened, (_q, r) => createReadStream('package-lock.json').pipe(r), {
        before,
      });
      await send();
      const descriptors = openDescriptors();
      const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await send()).status));
      expect(new Set(statuses)).to.deep.equal(new Set([403]));
      await until(() => openDescriptors() <= descriptors + 60);
      await until(
        () => process.getActiveResourcesInfo().filter((kind) => kind === 'FSReqCallback').length === 0,
      );
    });

    it(`ends a loop that waits for drain when its response is refused${what}`, async () => {
      const opened = await openActions();
      await opened.call(onResponse, { ...asked, script: { ...refusal(403), delayMs: 20 } });
      let writes = 0;
      const { send } = await serve(
        opened,
        async (_q, r) => {
          for (; writes < 40; writes++) if (!r.write('x'.repeat(10_000))) await once(r, 'drain');
          r.end();
        },
        { before },
      );
      expect((await send()).status).to.equal(403);
      await until(() => writes === 40);
    });
  }

  it('destroys the piped-in stream when its client leaves', async () => {
    const opened = await openActions();
    const [endpoint] = await opened.call(onResponse, { ...asked, script: 'never' });
    const sources: ReturnType<typeof createReadStream>[] = [];
    const { port } = await serve(opened, (_q, r) => {
      const source = createReadStream('package-lock.json');
      sources.push(source);
      source.pipe(r);
    });
    await rawAnswer({ port, path: '/', leave: { when: endpoint!.server.whenReceived(1) } });
    await until(() => sources.length === 1 && sources[0]!.closed);
  });

  it('tells a pipeline that its response was refused', async () => {
    const opened = await openActions();
    await opened.call(onResponse, { ...asked, script: refusal(403) });
    let ended: unknown = 'not yet';
    const { send } = await serve(opened, (_q, r) => {
      pipeline(createReadStream('package-lock.json'), r, (error) => (ended = error));
    });
    expect((await send()).status).to.equal(403);
    await until(() => ended !== 'not yet');
  });

  it('drops the trailers of a refused response', async () => {
    const opened = await openActions();
    await opened.call(onResponse, { ...asked, script: refusal(403) });
    const { port } = await serve(opened, (_q, r) => {
      r.set('trailer', 'x-secret');
      r.write('body');
      r.addTrailers({ 'x-secret': 'value' });
      r.end();
    });
    const answer = await rawAnswer({ port, path: '/' });
    expect(answer).to.match(/^HTTP\/1\.1 403/);
    expect(answer).not.to.contain('x-secret');
  });

  it('sends the judged content, also when the object changes', async () => {
    const opened = await openActions();
    const [target] = await opened.call(onResponse, { ...asked, script: { delayMs: 20 } });
    const { send } = await serve(opened, (_q, r) => {
      const body: Record<string, unknown> = { list: [1, 2, 3] };
      r.json(body);
      (body['list'] as number[]).length = 0;
      body['ssn'] = 'secret';
    });
    expect((await send()).text).to.equal('{"list":[1,2,3]}');
    expect(bodies(target!.server)[0]?.['response']).to.deep.equal({ list: [1, 2, 3] });
  });

  it("shows targets the content as the application's settings write it, and sends amended content the same way", async () => {
    const opened = await openActions();
    const [target] = await opened.call(onResponse, { ...asked, script: json({ b: '<', hash: 'y' }) });
    const settings = {
      'json replacer': (key: string, value: unknown) => (key === 'hash' ? undefined : value),
      'json spaces': 1,
      'json escape': true,
    };
    const { send } = await serve(opened, (_q, r) => r.json({ a: '<', hash: 'x' }), { settings });
    const { text, headers } = await send();
    expect(text).to.equal('{\n "b": "\\u003c"\n}');
    expect(headers['content-length']).to.equal(String(text.length));
    expect(bodies(target!.server)[0]?.['response']).to.deep.equal({ a: '<' });
  });

  it('gives an amended response a tag of its own', async () => {
    const opened = await openActions();
    const plain = await serve(opened, (_q, r) => r.json({ b: 2 }));
    const expected = await plain.send();
    await opened.call(onResponse, { ...asked, script: json({ b: 2 }) });
    const { send } = await serve(opened, (_q, r) => r.json({ a: 1 }));
    const amended = await send();
    expect(amended.text).to.equal(expected.text);
    expect(amended.headers['etag']).to.equal(expected.headers['etag']);
  });

  it('reports amended content that the application cannot send as an error of its target', async () => {
    const opened = await openActions();
    await opened.call(onResponse, { ...asked, script: json({ poison: true }) });
    const settings = {
      'json replacer': (key: string, value: unknown) => {
        if (key === 'poison') throw new Error('poisoned');
        return value;
      },
    };
    const { send } = await serve(opened, (_q, r) => r.json({ a: 1 }), { settings });
    expect((await send()).status).to.equal(412);
  });

  for (const kind of ['sync', 'async'] as const)
    it(`sends the judged content also when a ${kind} failure follows the answer`, async () => {
      const opened = await openActions();
      await opened.call(onResponse, { ...asked, script: refusal(403, 'no') });
      const { send } = await serve(opened, async (_q, r) => {
        r.json({ a: 1 });
        if (kind === 'async') await setTimeout(5);
        throw new Error('late');
      });
      const answer = await send();
      expect(answer.status).to.equal(403);
      expect(JSON.parse(answer.text)).to.include({ detail: 'no' });
    });
});

describe('the caller over Express', () => {
  it('holds in every event of the request and of the response, of many callers at once', async () => {
    const opened = await openActions();
    const heard: string[] = [];
    const { send } = await serve(opened, (q, r) => {
      const hear = (what: string) => () => heard.push(`${what} ${String(currentCaller().userID)}`);
      for (const event of ['data', 'end', 'close']) q.on(event, hear(`request ${event}`));
      for (const event of ['finish', 'close']) r.on(event, hear(`response ${event}`));
      pipeline(createReadStream('package.json'), r, hear('pipeline'));
    });
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => send({ 'x-user': `user-${n}`, 'content-length': '0' })),
    );
    await until(() =>
      ['response close', 'pipeline'].every(
        (event) => heard.filter((what) => what.startsWith(event)).length === 20,
      ),
    );
    expect(heard.filter((what) => what.includes('undefined'))).to.deep.equal([]);
    for (const event of ['request end', 'response finish', 'response close', 'pipeline'])
      expect(new Set(heard.filter((what) => what.startsWith(`${event} `))).size, event).to.equal(20);
  });

  it('holds when the client leaves', async () => {
    const opened = await openActions();
    const heard: string[] = [];
    const handled = new EventEmitter();
    const { port } = await serve(opened, (q, r) => {
      for (const [what, emitter] of [
        ['request', q],
        ['response', r],
      ] as const)
        emitter.on('close', () => heard.push(`${what} ${String(currentCaller().userID)}`));
      handled.emit('call');
    });
    await rawAnswer({
      port,
      path: '/',
      headers: { 'x-user': 'leaving' },
      leave: { when: once(handled, 'call') },
    });
    await until(() => heard.length === 2);
    expect(heard).to.have.members(['request leaving', 'response leaving']);
  });
});
