import { createReadStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import { laterFinish } from './differences.js';
import type { FastifyCase } from './fastifyCase.js';
import { attempt, stateOf } from './handlerView.js';

const parts = (count: number) => Array.from({ length: count }, (_, n) => String(n % 10).repeat(10_000));

/** Every way of Fastify to answer. */
export const fastifyAnswers: readonly FastifyCase[] = [
  { does: 'returns an object', handler: async () => ({ a: 1 }) },
  { does: 'returns an array', handler: async () => [1, [2], { c: 3 }] },
  { does: 'returns null', handler: async () => null },
  { does: 'returns text', handler: async () => 'text' },
  { does: 'returns an empty text', handler: async () => '' },
  {
    does: 'returns a number',
    handler: async (_q, r) => {
      r.type('application/json');
      return 12;
    },
  },
  { does: 'returns a boolean', handler: async () => true },
  { does: 'returns bytes', handler: async () => Buffer.from([0, 255, 10]) },
  { does: 'returns a typed array', handler: async () => new Uint8Array([1, 2]) },
  {
    does: 'returns a stream',
    handler: async (_q, r) => {
      r.type('text/plain');
      return Readable.from(parts(4));
    },
  },
  { does: 'returns a file', handler: async () => createReadStream('package.json') },
  { does: 'returns a web stream', only: 'Fastify 5', handler: async () => new Blob(['web']).stream() },
  {
    does: 'returns a Response',
    only: 'Fastify 5',
    handler: async () => new Response('of the web', { status: 201, headers: { 'x-a': 'b' } }),
  },
  {
    does: 'returns a Response that failed',
    only: 'Fastify 5',
    handler: async () => new Response('no', { status: 409 }),
  },
  { does: 'returns JSON of 40 kB', handler: async () => ({ long: 'ä'.repeat(20_000) }) },
  { does: 'returns a Date in an object', handler: async () => ({ at: new Date(0) }) },
  { does: 'returns what toJSON makes', handler: async () => ({ toJSON: () => [1, 2] }) },
  {
    does: 'returns a later object',
    handler: async () => {
      await setTimeout(5);
      return { a: 1 };
    },
  },
  {
    does: 'sends an object',
    handler: (_q, r) => {
      r.send({ a: 1 });
    },
  },
  { does: 'sends and returns the reply', handler: async (_q, r) => r.send({ a: 1 }) },
  {
    does: 'sends text',
    handler: (_q, r) => {
      r.send('text');
    },
  },
  {
    does: 'sends JSON that it wrote itself',
    handler: (_q, r) => {
      r.type('application/json').send('{"a":1}');
    },
  },
  {
    does: 'sends JSON of a type of its own',
    handler: (_q, r) => {
      r.type('application/hal+json').send({ a: 1 });
    },
  },
  {
    does: 'sends text of a type of its own',
    handler: (_q, r) => {
      r.type('text/html; charset=utf-8').send('<p>');
    },
  },
  {
    does: 'sends nothing',
    handler: (_q, r) => {
      r.send();
    },
  },
  {
    does: 'sends null',
    handler: (_q, r) => {
      r.send(null);
    },
  },
  {
    does: 'sends 204',
    handler: (_q, r) => {
      r.code(204).send();
    },
  },
  {
    does: 'sends an object with 204',
    handler: (_q, r) => {
      r.code(204).send({ a: 1 });
    },
  },
  {
    does: 'sends 304',
    handler: (_q, r) => {
      r.code(304).send();
    },
  },
  {
    does: 'sends with a status',
    handler: (_q, r) => {
      r.code(201).header('x-a', 'b').send({ a: 1 });
    },
  },
  {
    does: 'sends a failure',
    handler: (_q, r) => {
      r.code(422).send({ wrong: true });
    },
  },
  {
    does: 'sends an error',
    handler: (_q, r) => {
      r.send(new Error('sent'));
    },
  },
  { does: 'redirects', handler: (_q, r) => r.redirect('/elsewhere') },
  {
    does: 'calls the handler of what is not found',
    handler: (_q, r) => {
      r.callNotFound();
    },
  },
  {
    does: 'sends a later object',
    handler: (_q, r) => {
      void setTimeout(5).then(() => r.send({ a: 1 }));
    },
  },
  {
    does: 'sends later and returns the reply',
    handler: async (_q, r) => {
      void setTimeout(5).then(() => r.send({ a: 1 }));
      return r;
    },
  },
  {
    does: 'sends a stream that is compressed',
    handler: (_q, r) => {
      r.header('content-encoding', 'gzip').send(Readable.from(parts(3)).pipe(createGzip()));
    },
  },
  {
    does: 'sends a stream that ends later',
    handler: (_q, r) => {
      const s = new PassThrough();
      r.send(s);
      s.write('a');
      void setTimeout(5).then(() => s.end('b'));
    },
  },
  {
    does: 'sends a stream that fails before a byte',
    handler: (_q, r) => {
      const s = new Readable({
        read() {
          this.destroy(new Error('no source'));
        },
      });
      r.send(s);
    },
  },
  { does: 'answers HEAD', verb: 'HEAD', handler: async () => ({ a: 1 }) },
  { does: 'answers GET', verb: 'GET', handler: async () => ({ a: 1 }) },
  {
    does: 'sets cookies',
    handler: (_q, r) => {
      r.header('set-cookie', 'a=1').header('set-cookie', ['b=2', 'c=3']).send({});
    },
  },
  {
    does: 'sets headers of the raw response',
    handler: (_q, r) => {
      r.raw.setHeader('X-Raw', '1');
      r.send({ a: 1 });
    },
  },
  {
    does: 'says how long it is',
    handler: (_q, r) => {
      r.header('content-length', '7').send('{"a":1}');
    },
  },
  {
    does: 'sends a trailer',
    handler: (_q, r) => {
      r.trailer('x-sum', async () => '12');
      r.send({ a: 1 });
    },
  },
  {
    does: 'sees that it answered',
    handler: (_q, r, see) => {
      see('before', [r.sent, stateOf(r.raw)]);
      see('same', r.send({ a: 1 }) === r);
      see('after', [r.sent, stateOf(r.raw)]);
      see(
        'header',
        attempt(() => r.header('x-late', '1') === r),
      );
      see(
        'raw header',
        attempt(() => r.raw.setHeader('x-late', '1')),
      );
    },
  },
  {
    does: 'awaits its reply',
    handler: async (_q, r, see) => {
      r.send({ a: 1 });
      await r;
      see('awaited', r.sent);
      return r;
    },
    differs: laterFinish,
  },
  {
    does: 'answers and returns nothing',
    handler: async (_q, r) => {
      r.send({ a: 1 });
      await setImmediate();
    },
  },
  { does: 'echoes its body', handler: async (q) => ({ got: q.body }) },
];
