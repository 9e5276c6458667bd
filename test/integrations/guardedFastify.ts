import type { fastify, FastifyInstance, RouteShorthandOptions } from 'fastify';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';
import { fastifyActions } from '../../src/integrations/fastify/index.js';
import { closeAfterTest } from '../support/closings.js';
import { type OpenedActions } from '../support/openActions.js';
import type { FastifyCase } from '../e2e/integrations/differential/fastifyCase.js';
import { method } from './httpServer.js';

export type Handler = (...given: Parameters<FastifyCase['handler']>) => unknown;

export interface ServeOptions {
  readonly options?: Omit<RouteShorthandOptions, 'config'>;
  readonly before?: (app: FastifyInstance) => unknown;
}

/** Serves one guarded route on loopback; `x-user` says who calls. */
export async function serve(
  { actions }: OpenedActions,
  create: typeof fastify,
  handler: Handler,
  { options = {}, before }: ServeOptions = {},
) {
  const app = create();
  closeAfterTest(() => app.close());
  await before?.(app);
  await app.register(fastifyActions, {
    actions,
    caller: (incoming) => ({ userID: incoming.headers['x-user']?.toString() }),
  });
  app.post('/', { ...options, config: { actionsMethod: method } }, (incoming, reply) =>
    handler(incoming, reply, () => undefined),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return {
    port,
    async send(headers: Record<string, string> = {}) {
      const answer = await request(`http://127.0.0.1:${port}`, { method: 'POST', headers });
      return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
    },
  };
}
