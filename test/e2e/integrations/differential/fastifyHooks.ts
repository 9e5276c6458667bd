import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { FastifyCase } from './fastifyCase.js';

const body = {
  type: 'object',
  required: ['quantity'],
  properties: { quantity: { type: 'integer' }, unit: { type: 'string', default: 'kg' } },
} as const;
const name = { type: 'object', properties: { name: { type: 'string' } } } as const;
const person = async () => ({ name: 'ada', hash: 'secret' });

/** Serialisers, hooks and schemas. */
export const fastifyHooks: readonly FastifyCase[] = [
  {
    does: 'has a schema of its body',
    options: { schema: { body } },
    handler: async (q) => ({ got: q.body }),
  },
  {
    does: 'gets a body that does not fit',
    options: { schema: { body } },
    body: '{"quantity":"many"}',
    handler: async () => ({}),
  },
  {
    does: 'attaches the misfit of its body',
    options: { schema: { body }, attachValidation: true },
    body: '{"quantity":"many"}',
    handler: async (q) => ({ misfit: q.validationError?.message }),
  },
  { does: 'gets a body that is no JSON', body: '{"quantity"', handler: async () => ({}) },
  { does: 'has a schema of its response', options: { schema: { response: { 200: name } } }, handler: person },
  {
    does: 'has a schema of its successes',
    options: { schema: { response: { '2xx': name } } },
    handler: person,
  },
  {
    does: 'has a schema of a list',
    options: { schema: { response: { 200: { type: 'array', items: name } } } },
    handler: async () => [{ name: 'ada', hash: 'x' }],
  },
  {
    does: 'has a schema of its response by content type',
    options: { schema: { response: { 200: { content: { 'application/json': { schema: name } } } } } },
    handler: person,
  },
  {
    does: 'has a schema for another content type',
    options: { schema: { response: { 200: { content: { 'application/v1+json': { schema: name } } } } } },
    handler: async (_q, r) => r.type('application/v1+json').send({ name: 'ada', hash: 'x' }),
  },
  {
    does: 'misses a field that its response needs',
    options: { schema: { response: { 200: { ...name, required: ['name'] } } } },
    handler: async () => ({ other: 1 }),
  },
  {
    does: 'has a serialiser of BigInt',
    options: { schema: { response: { 200: { type: 'object', properties: { big: { type: 'integer' } } } } } },
    handler: async () => ({ big: 12345678901234567890n }),
  },
  {
    does: 'serialises by itself',
    handler: (_q, r) => {
      r.serializer((given: unknown) => `<${JSON.stringify(given)}>`)
        .type('text/xml')
        .send({ a: 1 });
    },
  },
  {
    does: 'serialises to bytes',
    handler: (_q, r) => {
      r.serializer((given: unknown) => Buffer.from(JSON.stringify(given)) as unknown as string).send({
        a: 1,
      });
    },
  },
  {
    does: 'has a serialiser of the route',
    options: {
      serializerCompiler: () => (given: unknown) => `{"wrapped":${JSON.stringify(given)}}`,
      schema: { response: { 200: {} } },
    },
    handler: person,
  },
  {
    does: 'has a serialiser of the application',
    before: (app) => app.setReplySerializer((given) => JSON.stringify({ given })),
    handler: person,
  },
  {
    does: 'has a serialiser that throws',
    handler: (_q, r) => {
      r.serializer(() => {
        throw new Error('no');
      }).send({ a: 1 });
    },
  },
  {
    does: 'has a validator that throws',
    options: {
      schema: { body: {} },
      validatorCompiler: () => () => {
        throw new Error('no judge');
      },
    },
    handler: async () => ({}),
  },
  {
    does: 'wraps its payload before it is serialised',
    options: { preSerialization: async (_q, _r, payload) => ({ data: payload }) },
    handler: person,
  },
  {
    does: 'wraps its payload in the application',
    before: (app) => app.addHook('preSerialization', async (_q, _r, payload) => ({ data: payload })),
    handler: person,
  },
  {
    does: 'wraps its payload in a later hook',
    after: (app) => app.addHook('preSerialization', async (_q, _r, payload) => ({ data: payload })),
    handler: person,
  },
  {
    does: 'fails before it is serialised',
    options: {
      preSerialization: async () => {
        throw new Error('no');
      },
    },
    handler: person,
  },
  {
    does: 'changes what is sent in the route',
    options: { onSend: async (_q, _r, payload) => String(payload).toUpperCase() },
    handler: person,
  },
  {
    does: 'changes what is sent before the guard',
    before: (app) => app.addHook('onSend', async (_q, _r, payload) => String(payload).toUpperCase()),
    handler: person,
  },
  {
    does: 'changes what is sent after the guard',
    after: (app) => app.addHook('onSend', async (_q, _r, payload) => String(payload).toUpperCase()),
    handler: person,
  },
  {
    does: 'compresses in a hook of the route',
    options: {
      onSend: async (_q, r, payload) => {
        r.header('content-encoding', 'gzip');
        return gzipSync(String(payload));
      },
    },
    handler: person,
  },
  {
    does: 'compresses in a hook before the guard',
    before: (app) =>
      app.addHook('onSend', async (_q, r, payload) => {
        r.header('content-encoding', 'gzip');
        return gzipSync(String(payload));
      }),
    handler: person,
  },
  {
    does: 'compresses in a hook after the guard',
    after: (app) =>
      app.addHook('onSend', async (_q, r, payload) => {
        r.header('content-encoding', 'gzip').removeHeader('content-length');
        return gzipSync(String(payload));
      }),
    handler: person,
  },
  {
    does: 'makes a stream of what is sent',
    options: { onSend: async (_q, _r, payload) => Readable.from([payload as string]) },
    handler: person,
  },
  {
    does: 'fails when it is sent',
    options: {
      onSend: async () => {
        throw new Error('no');
      },
    },
    handler: person,
  },
  {
    does: 'adds a header when it is sent',
    after: (app) =>
      app.addHook('onSend', async (_q, r) => {
        r.header('x-sent', '1');
      }),
    handler: person,
  },
  {
    does: 'answers in onRequest',
    before: (app) => app.addHook('onRequest', async (_q, r) => r.send({ early: 1 })),
    options: {},
    handler: person,
  },
  {
    does: 'refuses in onRequest',
    before: (app) => app.addHook('onRequest', async (_q, r) => r.code(401).send({ no: 1 })),
    handler: person,
  },
  {
    does: 'answers in preValidation',
    options: { preValidation: async (_q, r) => r.send('early') },
    handler: person,
  },
  {
    does: 'answers in preHandler before the guard',
    before: (app) => app.addHook('preHandler', async (_q, r) => r.send({ early: 1 })),
    handler: person,
  },
  {
    does: 'answers in preHandler of the route',
    options: { preHandler: async (_q, r) => r.send({ early: 1 }) },
    handler: person,
  },
  {
    does: 'fails in preHandler of the route',
    options: {
      preHandler: async () => {
        throw new Error('no');
      },
    },
    handler: person,
  },
  { does: 'hears of its response', options: { onResponse: async () => undefined }, handler: person },
  {
    does: 'hears of its error',
    options: {
      onError: async (_q, r) => {
        r.header('x-error', '1');
      },
    },
    handler: async () => {
      throw new Error('no');
    },
  },
];
