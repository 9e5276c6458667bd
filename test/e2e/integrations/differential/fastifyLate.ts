import { setImmediate } from 'node:timers/promises';
import type { FastifyCase } from './fastifyCase.js';

/** Every way to answer twice, to answer late, to fail and to bypass Fastify. */
export const fastifyLate: readonly FastifyCase[] = [
  {
    does: 'sends and returns',
    handler: async (_q, r) => {
      r.send({ a: 1 });
      return { a: 1 };
    },
  },
  {
    does: 'sends and returns something else',
    handler: async (_q, r) => {
      r.send({ a: 1 });
      return { b: 2 };
    },
  },
  {
    does: 'sends text and returns',
    handler: async (_q, r) => {
      r.send('a');
      return 'b';
    },
  },
  {
    does: 'sends twice',
    handler: (_q, r) => {
      r.send({ a: 1 });
      r.send({ b: 2 });
    },
  },
  {
    does: 'sends twice, the second a turn later',
    handler: async (_q, r) => {
      r.send({ a: 1 });
      await setImmediate();
      r.send({ b: 2 });
    },
  },
  {
    does: 'sends, then throws',
    handler: (_q, r) => {
      r.send({ a: 1 });
      throw new Error('late');
    },
  },
  {
    does: 'sends, then rejects',
    handler: async (_q, r) => {
      r.send({ a: 1 });
      throw new Error('late');
    },
  },
  {
    does: 'sends, then rejects a turn later',
    handler: async (_q, r) => {
      r.send({ a: 1 });
      await setImmediate();
      throw new Error('late');
    },
  },
  {
    does: 'sends, then an error',
    handler: (_q, r) => {
      r.send({ a: 1 });
      r.send(new Error('late'));
    },
  },
  {
    does: 'sends, then changes its status',
    handler: (_q, r) => {
      r.send({ a: 1 });
      r.code(500);
    },
  },
  {
    does: 'sends, then changes its headers',
    handler: (_q, r) => {
      r.header('x-a', '1').header('set-cookie', 'a=1').send({ a: 1 });
      r.header('x-a', '2').header('x-b', '3').header('set-cookie', 'b=2').type('text/plain');
    },
  },
  {
    does: 'sends, then changes its object',
    handler: (_q, r) => {
      const body = { a: [1, 2] };
      r.send(body);
      body.a.length = 0;
    },
  },
  {
    does: 'sends, then changes its bytes',
    handler: (_q, r) => {
      const body = Buffer.from('bytes');
      r.send(body);
      body.fill(0);
    },
  },
  {
    does: 'sends, then hijacks',
    handler: (_q, r) => {
      r.send({ a: 1 });
      r.hijack();
    },
  },
  {
    does: 'throws',
    handler: () => {
      throw new Error('early');
    },
  },
  {
    does: 'throws with a status',
    handler: () => {
      throw Object.assign(new Error('early'), { statusCode: 418 });
    },
  },
  {
    does: 'rejects',
    handler: async () => {
      throw new Error('early');
    },
  },
  {
    does: 'throws what is no error',
    handler: async () => {
      throw 'text' as unknown as Error;
    },
  },
  {
    does: 'throws under an error handler',
    before: (app) =>
      app.setErrorHandler((error: Error, _q, r) => {
        r.code(500).send({ failed: error.message });
      }),
    handler: async () => {
      throw new Error('early');
    },
  },
  {
    does: 'throws under an error handler that answers 200',
    before: (app) => app.setErrorHandler(async (error: Error) => ({ failed: error.message })),
    handler: async () => {
      throw new Error('early');
    },
  },
  { does: 'answers what has no JSON', handler: async () => ({ big: 1n }) },
  {
    does: 'answers a circle',
    handler: async () => {
      const circle: Record<string, unknown> = {};
      circle['self'] = circle;
      return circle;
    },
  },
  {
    does: 'answers what no payload is',
    handler: (_q, r) => {
      r.type('text/plain').send({ a: 1 });
    },
  },
];
