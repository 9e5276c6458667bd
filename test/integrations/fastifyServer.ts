import fastify, { type RouteHandlerMethod } from 'fastify';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { actionsProblems, fastifyActions } from '../../src/integrations/fastify/index.js';
import { method, type Behaviour, type ServerParts, type StartServer } from './httpServer.js';

const handlers = ({ guarded, handled }: ServerParts): Record<Behaviour, RouteHandlerMethod> => ({
  place: async (request, reply) => {
    handled.push(request.body);
    const { orderId = 'order-1', quantity } = request.body as { orderId?: string; quantity?: number };
    await setImmediate();
    await guarded.append(orderId, [{ type: 'order.placed', data: { quantity: quantity ?? 0 } }]);
    void reply.header('x-handler', 'was here');
    return { orderId, quantity };
  },
  echo: (request, reply) => {
    handled.push(request.body);
    reply.send({ body: request.body ?? null });
  },
  null: (_request, reply) => reply.send(null),
  text: (_request, reply) => reply.send('plain text'),
  buffer: (_request, reply) => reply.send(Buffer.from('bytes')),
  stream: (_request, reply) =>
    reply
      .type('text/plain')
      .send(Readable.from(['a', 'stream', 'of', 'text'].map((part) => part.repeat(10_000)))),
  empty: (_request, reply) => reply.code(204).send(),
  'bad-request': (_request, reply) => reply.code(400).send({ wrong: true }),
  throw: () => Promise.reject(new Error('the handler failed')),
  veto: async () => {
    await guarded.append('order-1', [{ type: 'order.vetoed', data: {} }]);
    return {};
  },
  unguarded: (request, reply) => reply.send({ body: request.body ?? null }),
});

export const startFastify: StartServer = async (parts) => {
  const app = fastify({ bodyLimit: 2 * 1024 * 1024 });
  void app.register(fastifyActions, {
    actions: parts.opened.actions,
    caller: (request) => parts.callerOf(request.headers),
  });
  app.setErrorHandler(actionsProblems);
  for (const [path, handler] of Object.entries(handlers(parts)))
    app.post(`/${path}`, path === 'unguarded' ? {} : { config: { actionsMethod: method } }, handler);
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    origin,
    close: () => {
      app.server.closeAllConnections();
      return app.close();
    },
  };
};
