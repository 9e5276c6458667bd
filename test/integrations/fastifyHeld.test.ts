import { expect } from 'chai';
import { fastify } from 'fastify';
import { createReadStream, type ReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { bodies, json, refusal } from '../support/answers.js';
import { openActions } from '../support/openActions.js';
import { rawAnswer } from '../e2e/integrations/differential/rawAnswer.js';
import { until } from '../support/conditions.js';
import { serve, type Handler, type ServeOptions } from './guardedFastify.js';
import { method } from './httpServer.js';
import { fastify4 } from './olderFrameworks.js';

const asked = { type: 'requestResponse', interruptOnError: true } as const;
const onResponse = { response: { method } };
const onRequest = { request: { method } };
const unjudged: Readonly<Record<string, { handler: Handler } & ServeOptions>> = {
  'is sent and returned': {
    handler: async (_q, r) => {
      void r.send({ secret: 1 });
      return { secret: 1 };
    },
  },
  'is sent without a return': { handler: (_q, r) => void r.send({ secret: 1 }) },
  'is text that is sent and returned': {
    handler: async (_q, r) => {
      void r.send('secret');
      return 'secret';
    },
  },
  'is hijacked': {
    handler: (_q, r) => {
      r.hijack();
      r.raw.end('secret');
    },
  },
  'is written to the raw response': {
    handler: async (_q, r) => {
      r.raw.write('secret');
      r.raw.end();
      return r;
    },
  },
  'comes from onRequest': {
    handler: () => undefined,
    before: (app) => app.addHook('onRequest', async (_q, r) => r.send('secret')),
  },
  'comes from preValidation': {
    handler: () => undefined,
    options: { preValidation: async (_q, r) => r.send({ secret: 1 }) },
  },
  'is made in onSend of the route': {
    handler: () => ({ a: 1 }),
    options: { onSend: async () => 'secret' },
  },
};

for (const [framework, create] of [
  ['Fastify 5', fastify],
  ['Fastify 4', fastify4],
] as const) {
  describe(`a held response of ${framework}`, () => {
    for (const [what, { handler, ...options }] of Object.entries(unjudged))
      it(`is not sent before its verdict where it ${what}`, async () => {
        const opened = await openActions();
        await opened.call(onResponse, { ...asked, script: { ...refusal(403, 'no'), delayMs: 10 } });
        const { send } = await serve(opened, create, handler, options);
        const answer = await send();
        expect(answer.status).to.equal(403);
        expect(answer.text).not.to.contain('secret');
        expect(JSON.parse(answer.text)).to.include({ detail: 'no' });
      });

    for (const [how, handler] of [
      [
        'writeHead after hijack',
        (_q, r) => {
          r.hijack();
          r.raw.writeHead(200, 'secret').end();
        },
      ],
      [
        'statusMessage',
        (_q, r) => {
          r.raw.statusMessage = 'secret';
          return { a: 1 };
        },
      ],
    ] as readonly (readonly [string, Handler])[])
      it(`is refused without the reason phrase of its handler, by ${how}`, async () => {
        const opened = await openActions();
        await opened.call(onResponse, { ...asked, script: refusal(403, 'no') });
        const { port } = await serve(opened, create, handler);
        expect(await rawAnswer({ port, path: '/' })).to.match(/^HTTP\/1\.1 403 Forbidden\r\n/);
      });

    it('sends the judged content, also when the object changes', async () => {
      const opened = await openActions();
      const [target] = await opened.call(onResponse, { ...asked, script: { delayMs: 20 } });
      const { send } = await serve(opened, create, (_q, r) => {
        const body: Record<string, unknown> = { list: [1, 2, 3] };
        void r.send(body);
        (body['list'] as number[]).length = 0;
      });
      expect((await send()).text).to.equal('{"list":[1,2,3]}');
      expect(bodies(target!.server)[0]?.['response']).to.deep.equal({ list: [1, 2, 3] });
    });

    it("shows targets the content after the route's own hooks and schemas", async () => {
      const opened = await openActions();
      const [target] = await opened.call(onResponse, { ...asked });
      const data = { type: 'object', properties: { name: { type: 'string' } } };
      const { send } = await serve(opened, create, () => Promise.resolve({ name: 'ada', hash: 'x' }), {
        options: {
          preSerialization: async (_q, _r, payload) => ({ data: payload }),
          schema: { response: { 200: { type: 'object', properties: { data } } } },
        },
      });
      expect((await send()).text).to.equal('{"data":{"name":"ada"}}');
      expect(bodies(target!.server)[0]?.['response']).to.deep.equal({ data: { name: 'ada' } });
    });

    it('sends amended content through a response schema that tells content types apart', async () => {
      const opened = await openActions();
      await opened.call(onResponse, { ...asked, script: json({ name: 'bob', extra: 1 }) });
      const schema = { type: 'object', properties: { name: { type: 'string' } } };
      const { send } = await serve(opened, create, () => Promise.resolve({ name: 'ada', hash: 'x' }), {
        options: { schema: { response: { 200: { content: { 'application/json': { schema } } } } } },
      });
      const { text, headers } = await send();
      expect(text).to.equal('{"name":"bob"}');
      expect(headers['content-length']).to.equal('14');
    });

    it('reports amended content that the route cannot serialise as an error of its target', async () => {
      const opened = await openActions();
      await opened.call(onResponse, { ...asked, script: json({ other: 1 }) });
      const schema = { type: 'object', required: ['name'], properties: { name: { type: 'string' } } };
      const { send } = await serve(opened, create, () => Promise.resolve({ name: 'ada' }), {
        options: { schema: { response: { 200: schema } } },
      });
      expect((await send()).status).to.equal(412);
      expect(opened.reports.map(({ reason }) => reason)).to.deep.equal(['schema']);
    });

    it('reports an amended body at which the validator throws as an error of its target', async () => {
      const opened = await openActions();
      await opened.call(onRequest, { ...asked, script: json({ poison: true }) });
      const { send } = await serve(opened, create, () => Promise.resolve({ a: 1 }), {
        options: {
          schema: { body: {} },
          validatorCompiler: () => (body: unknown) => {
            if (typeof body === 'object' && body !== null && 'poison' in body) throw new Error('no');
            return true;
          },
        },
      });
      expect((await send()).status).to.equal(412);
    });

    it('drops the trailers and headers of a refused response', async () => {
      const opened = await openActions();
      await opened.call(onResponse, { ...asked, script: refusal(403) });
      const { port } = await serve(
        opened,
        create,
        (_q, r) => {
          r.trailer('x-secret', async () => 'value');
          return r.header('x-hidden', '1').send({ a: 1 });
        },
        {
          before: (app) =>
            app.addHook('onRequest', async (_q, r) => {
              r.header('x-kept', '1');
            }),
        },
      );
      const answer = await rawAnswer({ port, path: '/' });
      expect(answer).to.match(/^HTTP\/1\.1 403/);
      expect(answer).to.contain('x-kept');
      expect(answer).not.to.match(/x-secret|x-hidden/i);
    });

    for (const [what, script] of [
      ['is refused', refusal(403)],
      ['is left by its client', 'never'],
    ] as const)
      for (const kind of ['stream', 'web stream', 'Response', 'hijacked pipe'] as const)
        it(`closes the file of a ${kind} that ${what}`, async function () {
          if (framework === 'Fastify 4' && kind !== 'stream' && kind !== 'hijacked pipe') return;
          const opened = await openActions();
          const [endpoint] = await opened.call(onResponse, { ...asked, script });
          const files: ReadStream[] = [];
          const { port } = await serve(opened, create, (_q, r) => {
            const file = createReadStream('package-lock.json');
            files.push(file);
            if (kind === 'hijacked pipe') {
              r.hijack();
              file.pipe(r.raw);
              return undefined;
            }
            const web = () => Readable.toWeb(file) as unknown as ReadableStream;
            return r.send(kind === 'stream' ? file : kind === 'Response' ? new Response(web()) : web());
          });
          const leave = script === 'never' ? { when: endpoint!.server.whenReceived(1) } : undefined;
          await rawAnswer({ port, path: '/', leave });
          await until(() => files.length === 1 && files[0]!.closed);
        });

    it('survives a stream that fails while its response is judged', async () => {
      const opened = await openActions();
      await opened.call(onResponse, { ...asked, script: { delayMs: 30 } });
      const { send } = await serve(opened, create, (_q, r) => {
        const source = new Readable({ read: () => undefined });
        setImmediate(() => source.destroy(new Error('no source')));
        return r.send(source);
      });
      expect((await send()).status).to.equal(500);
    });
  });
}
