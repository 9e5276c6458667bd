import { EventEmitter, once } from 'node:events';
import { fastify } from 'fastify';
import type { AddressInfo } from 'node:net';
import { fastifyActions } from '../../../../src/integrations/fastify/index.js';
import type { Actions } from '../../../../src/index.js';
import { fastify4 } from '../../../integrations/olderFrameworks.js';
import { compareRoutes } from './compareRoutes.js';
import type { Outcome } from './differences.js';
import { fastifyAnswers } from './fastifyAnswers.js';
import type { FastifyCase } from './fastifyCase.js';
import { fastifyHooks } from './fastifyHooks.js';
import { fastifyLate } from './fastifyLate.js';
import { fastifyRaw } from './fastifyRaw.js';
import { method } from './guardModes.js';
import { viewOf, type HandlerView } from './handlerView.js';
import { rawAnswer } from './rawAnswer.js';

const cases = [...fastifyAnswers, ...fastifyLate, ...fastifyRaw, ...fastifyHooks];

async function run(
  create: typeof fastify,
  { handler, options = {}, before, after, verb = 'POST', headers, body, leave }: FastifyCase,
  actions: Actions | undefined,
): Promise<Outcome> {
  const app = create();
  let view: HandlerView | undefined;
  const handled = new EventEmitter();
  app.addHook('onRequest', (_request, reply, done) => {
    view = viewOf(reply.raw);
    done();
  });
  await before?.(app);
  if (actions) await app.register(fastifyActions, { actions });
  await after?.(app);
  app.route({
    method: verb,
    url: '/',
    ...options,
    config: { actionsMethod: method },
    handler: (request, reply) => {
      try {
        return handler(request, reply, view!.see);
      } finally {
        handled.emit('call');
      }
    },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  try {
    const sent = verb === 'POST' ? body : '';
    const answer = await rawAnswer({
      port,
      path: '/',
      verb,
      headers,
      leave: leave === 'handled' ? { when: once(handled, 'call') } : leave,
      ...(sent !== undefined && { body: sent }),
    });
    if (!view) throw new Error('the request did not arrive');
    await view.closed;
    return { answer, seen: view.seen };
  } finally {
    await app.close();
  }
}

compareRoutes<typeof fastify, FastifyCase>(
  [
    ['Fastify 5', fastify],
    ['Fastify 4', fastify4],
  ],
  cases,
  run,
);
