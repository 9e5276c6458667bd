import type { HandlerContext } from '@connectrpc/connect';
import { expect } from 'chai';
import { createServer } from 'node:http';
import express from 'express';
import { fastify } from 'fastify';
import { request } from 'undici';
import { expressActions } from '../../src/integrations/express/index.js';
import { json } from '../support/answers.js';
import { openActions, type OpenedActions, type TargetSettings } from '../support/openActions.js';
import { openConnect, protocols } from './connectServer.js';
import { asked, named } from './grpcStreaming.js';
import { serve } from './guardedFastify.js';
import { method } from './httpServer.js';
import { express4, fastify4 } from './olderFrameworks.js';
import type { OrderHandlers, Reply } from './orderService.js';
import { listen } from '../support/listen.js';

/** The headers that a handler sets for its content. */
const ofContent: Readonly<Record<string, string>> = {
  'content-digest': 'sha-256=:AAAA:',
  'repr-digest': 'sha-256=:AAAA:',
  digest: 'sha-256=AAAA',
  'content-md5': 'AAAA',
  etag: '"mine"',
  'x-kept': 'yes',
};
const namesIn = (headers: object): readonly string[] =>
  Object.keys(ofContent).filter((name) => name in headers);
const all = Object.keys(ofContent);

async function overExpress({ actions }: OpenedActions, create: typeof express): Promise<readonly string[]> {
  const app = create();
  app.post('/', expressActions(actions, { method }), (_request, response) => {
    response.set(ofContent).json({ orderId: 'a' });
  });
  const port = await listen(createServer(app));
  const { headers, body } = await request(`http://127.0.0.1:${port}`, { method: 'POST' });
  await body.dump();
  return namesIn(headers);
}

async function overFastify(opened: OpenedActions, create: typeof fastify): Promise<readonly string[]> {
  const { send } = await serve(opened, create, (_request, reply) =>
    reply.headers(ofContent).send({ orderId: 'a' }),
  );
  return namesIn((await send()).headers);
}

async function overConnect({ actions }: OpenedActions, protocol: (typeof protocols)[number]) {
  const handlers = {
    placeOrder: (_order: unknown, context: HandlerContext): Promise<Reply> => {
      for (const [name, value] of Object.entries(ofContent)) context.responseHeader.set(name, value);
      return Promise.resolve({ orderId: 'a' });
    },
  };
  const client = await openConnect(actions, handlers as unknown as OrderHandlers, protocol);
  let headers = new Headers();
  await client.placeOrder({}, { onHeader: (received: Headers) => (headers = received) });
  return namesIn(Object.fromEntries(headers.entries()));
}

const frameworks: Readonly<Record<string, (opened: OpenedActions) => Promise<readonly string[]>>> = {
  'Express 5': (opened) => overExpress(opened, express),
  'Express 4': (opened) => overExpress(opened, express4),
  'Fastify 5': (opened) => overFastify(opened, fastify),
  'Fastify 4': (opened) => overFastify(opened, fastify4),
  ...Object.fromEntries(
    protocols.map((protocol) => [protocol, (opened: OpenedActions) => overConnect(opened, protocol)]),
  ),
};

const answers: readonly (readonly [string, TargetSettings, readonly string[]])[] = [
  ['leave with an amended response', { ...asked, script: json({ orderId: 'b' }) }, ['x-kept']],
  ['stay where the answer equals the sent content', { ...asked, script: json({ orderId: 'a' }) }, all],
  ['stay where no target amends', { type: 'webhook' }, all],
];

describe('headers that a handler computed from its content', () => {
  for (const [name, send] of Object.entries(frameworks))
    for (const [what, target, left] of answers)
      it(`${what}, over ${name}`, async () => {
        const opened = await openActions();
        await opened.call(named('response', 'PlaceOrder'), target);
        expect(await send(opened)).to.deep.equal(left);
      });
});
