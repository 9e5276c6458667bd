import { expect } from 'chai';
import fastify from 'fastify';
import { Readable } from 'node:stream';
import { fastifyActions } from '../../src/integrations/fastify/index.js';
import { bodies, json, refusal } from '../support/answers.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions } from '../support/openActions.js';
import { method } from './httpServer.js';

const asked = { type: 'requestResponse', interruptOnError: true } as const;
const config = { actionsMethod: method };
const route = { request: { method } };

async function open() {
  const opened = await openActions();
  const app = fastify();
  closeAfterTest(() => app.close());
  const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload });
  return { ...opened, app, post };
}

const body = {
  type: 'object',
  required: ['quantity'],
  properties: { quantity: { type: 'integer', maximum: 10 }, currency: { type: 'string', default: 'EUR' } },
  additionalProperties: false,
} as const;

describe('fastifyActions', () => {
  it('passes an amended body through the schema of the route, defaults and all', async () => {
    const { actions, app, post, call } = await open();
    void app.register(fastifyActions, { actions });
    app.post('/', { config, schema: { body } }, (request) => Promise.resolve({ got: request.body }));
    const [, second] = await call(
      route,
      { ...asked, script: json({ quantity: '7', secret: true }) },
      { ...asked, type: 'webhook' },
    );
    expect((await post('/', { quantity: 1 })).json()).to.deep.equal({
      got: { quantity: 7, currency: 'EUR' },
    });
    expect(second && bodies(second.server)[0]?.['request']).to.deep.equal({ quantity: '7', secret: true });
  });

  for (const [what, amended] of [
    ['lacks a field', {}],
    ['has a value that is too large', { quantity: 11 }],
    ['is of another type', { quantity: [] }],
  ] as const)
    it(`reports an amended body that ${what} as an error of its target`, async () => {
      const { actions, app, post, call, reports } = await open();
      void app.register(fastifyActions, { actions });
      app.post('/', { config, schema: { body } }, (request) => Promise.resolve({ got: request.body }));
      await call(route, { type: 'requestResponse', script: json(amended) });
      expect((await post('/', { quantity: 1 })).json()).to.deep.equal({
        got: { quantity: 1, currency: 'EUR' },
      });
      await call(route, { ...asked, script: json(amended) });
      const refused = await post('/', { quantity: 1 });
      expect(refused.statusCode).to.equal(412);
      expect(refused.json()).to.include({ reason: 'schema' });
      expect(reports.map(({ reason }) => reason)).to.deep.equal(['schema', 'schema']);
    });

  it('judges by the schema of the content type, where a route has several', async () => {
    const { actions, app, post, call } = await open();
    void app.register(fastifyActions, { actions });
    const schema = { body: { content: { 'application/json': { schema: body } } } };
    app.post('/', { config, schema }, (request) => Promise.resolve({ got: request.body }));
    await call(route, { ...asked, script: json({ quantity: 11 }) });
    expect((await post('/', { quantity: 1 })).statusCode).to.equal(412);
  });

  it('judges by a validator that gives a value of its own', async () => {
    const { actions, app, post, call } = await open();
    void app.register(fastifyActions, { actions });
    app.setValidatorCompiler(() => (given: unknown) => {
      const { quantity } = given as { quantity: unknown };
      return typeof quantity === 'number' ? { value: { doubled: quantity * 2 } } : { error: new Error('no') };
    });
    app.post('/', { config, schema: { body: {} } }, (request) => Promise.resolve({ got: request.body }));
    await call(route, { ...asked, script: json({ quantity: 4 }) });
    expect((await post('/', { quantity: 1 })).json()).to.deep.equal({ got: { doubled: 8 } });
    await call(route, { ...asked, script: json({ quantity: 'many' }) });
    expect((await post('/', { quantity: 1 })).statusCode).to.equal(412);
  });

  it('guards routes declared before the plugin and in other plugins, and no instance beside its own', async () => {
    const { actions, app, post, call } = await open();
    const [target] = await call(route, { ...asked, type: 'webhook' });
    app.register((guarded, _options, done) => {
      guarded.post('/before', { config }, () => Promise.resolve({}));
      void guarded.register(fastifyActions, { actions });
      guarded.register((inner, _innerOptions, innerDone) => {
        inner.post('/inside', { config }, () => Promise.resolve({}));
        innerDone();
      });
      done();
    });
    app.post('/beside', { config }, () => Promise.resolve({}));
    for (const url of ['/before', '/inside', '/beside'])
      expect((await post(url, {})).statusCode).to.equal(200);
    expect(target?.server.received.length).to.equal(2);
  });

  it("shows targets the content that the client would get, not the handler's object", async () => {
    const { actions, app, post, call } = await open();
    void app.register(fastifyActions, { actions });
    const response = { 200: { type: 'object', properties: { name: { type: 'string' } } } };
    app.post('/', { config, schema: { response } }, () => Promise.resolve({ name: 'ada', hash: 'secret' }));
    const [target] = await call(
      { response: { method } },
      { ...asked, script: json({ name: 'bob', extra: true }) },
    );
    expect((await post('/', {})).json()).to.deep.equal({ name: 'bob' });
    expect(target && bodies(target.server)[0]?.['response']).to.deep.equal({ name: 'ada' });
  });

  it('destroys a stream whose response is refused', async () => {
    const { actions, app, post, call } = await open();
    void app.register(fastifyActions, { actions });
    const stream = new Readable({ read: () => undefined });
    app.post('/', { config }, (_request, reply) => reply.type('text/plain').send(stream));
    await call({ response: { method } }, { ...asked, script: refusal(403) });
    const answer = await post('/', {});
    expect(answer.statusCode).to.equal(403);
    expect(answer.headers['content-type']).to.contain('application/problem+json');
    expect(stream.destroyed).to.equal(true);
  });

  it('answers a refusal without the serializer and the schemas of the route', async () => {
    const { actions, app, post, call } = await open();
    void app.register(fastifyActions, { actions });
    const response = { '4xx': { type: 'object', properties: { other: { type: 'string' } } } };
    app.post('/', { config, schema: { response } }, () => Promise.resolve({ name: 'ada' }));
    await call({ response: { method } }, { ...asked, script: refusal(403, 'no') });
    expect((await post('/', {})).json()).to.include({ detail: 'no', status: 403 });
  });
});
