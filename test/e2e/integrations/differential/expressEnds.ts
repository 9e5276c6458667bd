import { setTimeout } from 'node:timers/promises';
import { laterFinish } from './differences.js';
import type { ExpressCase } from './expressCase.js';

/** Steps at the end of a response and after it, also where the client has left. */
export const expressEnds: readonly ExpressCase[] = [
  {
    does: 'writes after the end',
    differs: laterFinish,
    handler: (_q, r, _n, see) => {
      r.end('a');
      see(
        'w',
        r.write('b', (error) => see('told', error)),
      );
    },
  },
  {
    does: 'ends after the end with text',
    differs: laterFinish,
    handler: (_q, r, _n, see) => {
      r.end('a');
      see('e', r.end('b') === r);
    },
  },
  {
    does: 'ends twice with a callback',
    differs: laterFinish,
    handler: (_q, r, _n, see) => {
      r.end('a');
      r.end(() => see('again'));
    },
  },
  {
    does: 'changes its status after the end',
    handler: (_q, r) => {
      r.json({ a: 1 });
      r.statusCode = 500;
      r.statusMessage = 'Wrong';
    },
  },
  {
    does: 'changes its object after the end',
    handler: (_q, r) => {
      const body = { a: [1, 2] };
      r.json(body);
      body.a.length = 0;
    },
  },
  {
    does: 'changes its bytes after the end',
    handler: (_q, r) => {
      const body = Buffer.from('bytes');
      r.end(body);
      body.fill(0);
    },
  },
  {
    does: 'answers late',
    handler: async (_q, r) => {
      await setTimeout(10);
      r.json({ a: 1 });
    },
  },
  {
    does: 'destroys its response',
    handler: (_q, r) => {
      r.destroy();
    },
  },
  {
    does: 'destroys its connection',
    handler: (q) => {
      q.socket.destroy();
    },
  },
  {
    does: 'destroys its connection after JSON',
    handler: (q, r) => {
      r.json({ a: 1 });
      q.socket.destroy();
    },
  },
  {
    does: 'destroys its response after JSON',
    handler: (_q, r) => {
      r.json({ a: 1 });
      r.destroy();
    },
  },
  {
    does: 'is left while it waits',
    differs: {
      reason: 'the handler runs after the verdict on its request, so that it hears of no earlier event',
      compared: ({ answer, seen }) => ({ answer, seen: seen.filter((what) => what !== 'request closed') }),
    },
    leave: 'handled',
    handler: (q, _r, _n, see) => {
      q.on('close', () => see('request closed'));
    },
  },
];
