import { expect } from 'chai';
import { createServer } from 'node:http';
import express from 'express';
import fastify from 'fastify';
import { Socket } from 'node:net';
import { Pool } from 'undici';
import { expressActions } from '../../src/integrations/express/index.js';
import { fastifyActions } from '../../src/integrations/fastify/index.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, type OpenedActions } from '../support/openActions.js';
import { conversions, countFunctions } from './countedFunctions.js';
import { method } from './httpServer.js';
import { listen } from '../support/listen.js';

type Start = (opened: OpenedActions | undefined) => Promise<string>;

const startExpress: Start = async (opened) => {
  const app = express();
  const guards = opened ? [expressActions(opened.actions, { method })] : [];
  app.post('/', express.json(), ...guards, (request, response) => {
    response.json(request.body);
  });
  const port = await listen(createServer(app));
  return `http://127.0.0.1:${port}`;
};

const startFastify: Start = async (opened) => {
  const app = fastify();
  if (opened) void app.register(fastifyActions, { actions: opened.actions });
  app.post('/', { config: { actionsMethod: method } }, (request) => Promise.resolve(request.body));
  closeAfterTest(() => app.close());
  return app.listen({ port: 0, host: '127.0.0.1' });
};

const writes = [
  [Socket.prototype, 'write'],
  [Socket.prototype, '_write'],
  [Socket.prototype, '_writev'],
] as const;

async function countCalls(origin: string): Promise<Record<string, number>> {
  const pool = new Pool(origin, { connections: 1 });
  const send = async () => {
    const headers = { 'content-type': 'application/json' };
    const { body } = await pool.request({ path: '/', method: 'POST', headers, body: '{"quantity":1}' });
    expect(await body.text()).to.equal('{"quantity":1}');
  };
  await send();
  const counts = await countFunctions([...conversions, ...writes], async () => {
    for (let times = 0; times < 10; times++) await send();
  });
  await pool.destroy();
  return counts;
}

for (const [framework, start] of [
  ['Express', startExpress],
  ['Fastify', startFastify],
] as const)
  describe(`${framework} where nothing matches`, () => {
    it('makes no JSON, no copy and no write more than without this library', async () => {
      const opened = await openActions();
      await opened.call({ request: { method: '/other.Service/Method' } }, {});
      await opened.call({ event: { all: true } }, {});
      const bare = await countCalls(await start(undefined));
      const guarded = await countCalls(await start(opened));
      expect(bare['stringify']).to.equal(10);
      expect(guarded).to.deep.equal(bare);
    });
  });
