import { setImmediate } from 'node:timers/promises';
import type { Response } from 'express';
import type { ExpressCase } from './expressCase.js';
import { laterFinish } from './differences.js';
import { attempt, stateOf, type See } from './handlerView.js';

/** Calls that a handler may make after its answer. */
const tryAll = (r: Response, see: See) => {
  see('state', stateOf(r));
  see(
    'json',
    attempt(() => r.json({ b: 2 })),
  );
  see(
    'send',
    attempt(() => r.send('b')),
  );
  see(
    'status',
    attempt(() => r.status(500).statusCode),
  );
  see(
    'set',
    attempt(() => r.set('x-late', '1')),
  );
  see(
    'append',
    attempt(() => r.append('x-late', '1')),
  );
  see(
    'cookie',
    attempt(() => r.cookie('a', 'b')),
  );
  see(
    'remove',
    attempt(() => r.removeHeader('content-type')),
  );
  see(
    'head',
    attempt(() => r.writeHead(500)),
  );
  see(
    'redirect',
    attempt(() => r.redirect('/')),
  );
  see(
    'flush',
    attempt(() => r.flushHeaders()),
  );
  see(
    'end',
    attempt(() => r.end() === r),
  );
  see('read', [r.get('content-type'), r.hasHeader('x-late'), r.getHeaderNames()]);
};

/** Every way to answer twice, to answer late and to fail. */
export const expressLate: readonly ExpressCase[] = [
  {
    does: 'tries everything after JSON',
    handler: (_q, r, _n, see) => {
      r.json({ a: 1 });
      tryAll(r, see);
    },
  },
  {
    does: 'tries everything after text',
    handler: (_q, r, _n, see) => {
      r.send('a');
      tryAll(r, see);
    },
  },
  {
    does: 'tries everything after a write',
    handler: (_q, r, _n, see) => {
      r.write('a');
      tryAll(r, see);
    },
  },
  {
    does: 'tries everything after a head',
    handler: (_q, r, _n, see) => {
      r.writeHead(200);
      tryAll(r, see);
    },
  },
  {
    does: 'tries everything a turn later',
    differs: laterFinish,
    handler: async (_q, r, _n, see) => {
      r.json({ a: 1 });
      await setImmediate();
      tryAll(r, see);
    },
  },
  { does: 'answers twice', handler: (_q, r) => (r.json({ a: 1 }), r.json({ b: 2 })) },
  {
    does: 'answers twice under an error handler',
    handler: (_q, r) => (r.json({ a: 1 }), r.json({ b: 2 })),
    onError: (error, _q, r, next) => (r.headersSent ? next(error) : r.status(500).send('failed')),
  },
  {
    does: 'answers, then throws',
    handler: (_q, r) => {
      r.json({ a: 1 });
      throw new Error('late');
    },
  },
  {
    does: 'answers, then rejects',
    only: 'Express 5',
    handler: async (_q, r) => {
      r.json({ a: 1 });
      await setImmediate();
      throw new Error('late');
    },
  },
  {
    does: 'answers, then goes on',
    handler: (_q, r, next) => {
      r.json({ a: 1 });
      next();
    },
  },
  {
    does: 'answers, then goes on with an error',
    handler: (_q, r, next) => {
      r.json({ a: 1 });
      next(new Error('late'));
    },
  },
  {
    does: 'writes, then throws',
    handler: (_q, r) => {
      r.write('part');
      throw new Error('late');
    },
  },
  {
    does: 'writes, then goes on',
    leave: 'handled',
    handler: (_q, r, next) => {
      r.write('part');
      next();
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
      throw Object.assign(new Error('early'), { status: 418 });
    },
  },
  { does: 'rejects', only: 'Express 5', handler: () => Promise.reject(new Error('early')) },
  { does: 'goes on', handler: (_q, _r, next) => next() },
  { does: 'goes on with an error', handler: (_q, _r, next) => next(new Error('early')) },
  { does: 'leaves the route', handler: (_q, _r, next) => next('route') },
  {
    does: 'throws under an error handler that answers',
    handler: () => {
      throw new Error('early');
    },
    onError: (error: Error, _q, r, _next) => r.status(500).json({ failed: error.message }),
  },
  {
    does: 'throws under an error handler that answers 200',
    handler: () => {
      throw new Error('early');
    },
    onError: (error: Error, _q, r, _next) => r.json({ failed: error.message }),
  },
  { does: 'answers JSON that has no JSON', handler: (_q, r) => r.json({ big: 1n }) },
  {
    does: 'answers a circle under an error handler',
    handler: (_q, r) => {
      const circle: Record<string, unknown> = {};
      circle['self'] = circle;
      r.json(circle);
    },
    onError: (error: Error, _q, r, _next) => r.status(500).send(error.name),
  },
];
