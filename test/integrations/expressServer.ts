import express, { type RequestHandler } from 'express';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { actionsProblems, expressActions } from '../../src/integrations/express/index.js';
import { method, type Behaviour, type ServerParts, type StartServer } from './httpServer.js';

const handlers = ({ guarded, handled }: ServerParts): Record<Behaviour, RequestHandler> => ({
  place: async (request, response) => {
    handled.push(request.body);
    const { orderId = 'order-1', quantity } = request.body as { orderId?: string; quantity?: number };
    await setImmediate();
    await guarded.append(orderId, [{ type: 'order.placed', data: { quantity: quantity ?? 0 } }]);
    response.set('x-handler', 'was here').json({ orderId, quantity });
  },
  echo: (request, response) => {
    handled.push(request.body);
    response.json({ body: (request.body as unknown) ?? null });
  },
  null: (_request, response) => {
    response.json(null);
  },
  text: (_request, response) => {
    response.type('text/plain').send('plain text');
  },
  buffer: (_request, response) => {
    response.send(Buffer.from('bytes'));
  },
  stream: (_request, response) => {
    Readable.from(['a', 'stream', 'of', 'text'].map((part) => part.repeat(10_000))).pipe(
      response.type('text/plain'),
    );
  },
  empty: (_request, response) => {
    response.status(204).end();
  },
  'bad-request': (_request, response) => {
    response.status(400).json({ wrong: true });
  },
  throw: () => Promise.reject(new Error('the handler failed')),
  veto: async (_request, response) => {
    await guarded.append('order-1', [{ type: 'order.vetoed', data: {} }]);
    response.json({});
  },
  unguarded: (request, response) => {
    response.json({ body: (request.body as unknown) ?? null });
  },
});

export const startExpress: StartServer = async (parts) => {
  const app = express()
    .disable('x-powered-by')
    .use(express.json({ limit: '2mb' }));
  for (const [path, handler] of Object.entries(handlers(parts)))
    if (path === 'unguarded') app.post(`/${path}`, handler);
    else
      app.post(
        `/${path}`,
        expressActions(parts.opened.actions, {
          method,
          caller: (request) => parts.callerOf(request.headers),
        }),
        handler,
      );
  app.use(actionsProblems);
  app.use(((_error, _request, response, _next) => {
    response.status(500).json({ failed: true });
  }) as express.ErrorRequestHandler);
  const server = await new Promise<ReturnType<typeof app.listen>>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => {
      resolve(listening);
    });
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};
