import { expect } from 'chai';
import { fastify } from 'fastify';
import { EventEmitter, once } from 'node:events';
import type { Readable } from 'node:stream';
import { currentCaller } from '../../src/hooks/context/caller.js';
import { openActions } from '../support/openActions.js';
import { rawAnswer } from '../e2e/integrations/differential/rawAnswer.js';
import { until } from '../support/conditions.js';
import { serve } from './guardedFastify.js';
import { fastify4 } from './olderFrameworks.js';

for (const [framework, create] of [
  ['Fastify 5', fastify],
  ['Fastify 4', fastify4],
] as const) {
  describe(`the caller over ${framework}`, () => {
    it('holds in every event of the request, its body and signal, and of the response', async () => {
      const opened = await openActions();
      const heard: string[] = [];
      const handled = new EventEmitter();
      const { send, port } = await serve(
        opened,
        create,
        (q, r) => {
          const hear = (what: string) => () => void heard.push(`${what} ${String(currentCaller().userID)}`);
          const body = q.body as Readable;
          for (const event of ['data', 'end']) body.on(event, hear(`body ${event}`));
          q.raw.on('close', hear('request close'));
          r.raw.on('finish', hear('response finish'));
          r.raw.on('close', hear('response close'));
          if ('signal' in q) q.signal.addEventListener('abort', hear('signal abort'));
          if (q.headers['x-user'] === 'leaving') {
            handled.emit('leaving');
            return r;
          }
          return r.send({});
        },
        {
          before: (app) => {
            app.removeAllContentTypeParsers();
            app.addContentTypeParser('*', (_q, payload, done) => {
              done(null, payload);
            });
          },
        },
      );
      const stream = { 'content-type': 'application/octet-stream' };
      await Promise.all(Array.from({ length: 10 }, (_, n) => send({ ...stream, 'x-user': `user-${n}` })));
      await rawAnswer({
        port,
        path: '/',
        headers: { 'x-user': 'leaving' },
        leave: { when: once(handled, 'leaving') },
      });
      await until(() => heard.filter((what) => what.startsWith('response close')).length === 11);
      expect(heard.filter((what) => what.includes('undefined'))).to.deep.equal([]);
      if (framework === 'Fastify 5') expect(heard).to.include('signal abort leaving');
    });

    // Fastify 4 has no time limit of handlers.
    if (framework === 'Fastify 5')
      it('holds in a signal that aborts at the time limit of the route', async () => {
        const heard: unknown[] = [];
        const { send } = await serve(
          await openActions(),
          create,
          (q) =>
            new Promise((resolve) => {
              const { signal } = q;
              signal.addEventListener('abort', () => {
                heard.push(currentCaller().userID, (signal.reason as { code: string }).code);
                resolve({});
              });
            }),
          { options: { handlerTimeout: 20 } },
        );
        expect((await send({ 'x-user': 'ann' })).status).to.equal(503);
        expect(heard).to.deep.equal(['ann', 'FST_ERR_HANDLER_TIMEOUT']);
      });
  });
}
