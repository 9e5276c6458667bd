import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { laterFinish } from './differences.js';
import type { FastifyCase } from './fastifyCase.js';
import { attempt, stateOf } from './handlerView.js';

/** Handlers that bypass Fastify, and clients that leave. */
export const fastifyRaw: readonly FastifyCase[] = [
  {
    does: 'hijacks and writes',
    handler: (_q, r, see) => {
      r.hijack();
      r.raw.writeHead(201, { 'x-raw': '1' });
      see('state', [r.sent, stateOf(r.raw)]);
      r.raw.write('a');
      r.raw.end('b');
    },
  },
  {
    does: 'hijacks and answers later',
    handler: async (_q, r) => {
      r.hijack();
      await setTimeout(5);
      r.raw.end('late');
    },
  },
  {
    does: 'hijacks and fails',
    handler: (_q, r) => {
      r.hijack();
      r.raw.statusCode = 500;
      r.raw.end('failed');
    },
  },
  {
    does: 'hijacks and pipes',
    handler: (_q, r) => {
      r.hijack();
      createReadStream('package.json').pipe(r.raw);
    },
  },
  {
    does: 'writes to the raw response',
    handler: (_q, r, see) => {
      r.raw.setHeader('x-raw', '1');
      see('wrote', r.raw.write('a'));
      r.raw.end();
    },
  },
  {
    does: 'ends the raw response and returns the reply',
    handler: async (_q, r) => {
      r.raw.end('raw');
      return r;
    },
  },
  {
    does: 'tries everything after a raw end',
    handler: (_q, r, see) => {
      r.raw.end('a');
      see('state', [r.sent, stateOf(r.raw)]);
      see(
        'header',
        attempt(() => r.raw.setHeader('x-a', '1')),
      );
      see(
        'head',
        attempt(() => r.raw.writeHead(500)),
      );
    },
  },
  {
    does: 'sends after a raw end',
    handler: (_q, r) => {
      r.raw.end('a');
      r.send({ b: 2 });
    },
  },
  {
    does: 'destroys its raw response',
    handler: (_q, r) => {
      r.hijack();
      r.raw.destroy();
    },
  },
  {
    does: 'destroys its connection',
    handler: (q, r) => {
      r.hijack();
      q.raw.socket.destroy();
    },
  },
  {
    does: 'is left while it waits',
    leave: 'handled',
    handler: async (q, r) => {
      await once(q.raw.socket, 'close');
      r.send({ a: 1 });
    },
  },
  {
    does: 'is left while it streams',
    leave: { afterBytes: 100 },
    handler: (_q, r) => {
      r.send(
        Readable.from(
          (async function* () {
            for (let n = 0; n < 50; n++) {
              yield 'x'.repeat(100);
              await setTimeout(2);
            }
          })(),
        ),
      );
    },
  },
  {
    does: 'hears of its end',
    handler: (_q, r, see) => {
      r.raw.on('finish', () => see('heard'));
      r.send({ a: 1 });
    },
    differs: laterFinish,
  },
  {
    does: 'sends early hints',
    only: 'Fastify 5',
    handler: (_q, r) => {
      r.raw.writeEarlyHints({ link: '</style.css>; rel=preload' });
      r.send({ a: 1 });
    },
    differs: {
      reason: 'early hints would leave before the verdict, so they are left out where a response is judged',
      guarded: ({ answer, ...rest }) => ({
        ...rest,
        answer: answer.replace(/^HTTP\/1\.1 103[^]*?\r\n\r\n/, ''),
      }),
    },
  },
];
