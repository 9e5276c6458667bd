import { expect } from 'chai';
import express from 'express';
import { fastify } from 'fastify';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { expressActions } from '../../src/integrations/express/index.js';
import { fastifyActions } from '../../src/integrations/fastify/index.js';
import { refusal } from '../support/answers.js';
import { closeAfterTest } from '../support/closings.js';
import { openActions, type OpenedActions } from '../support/openActions.js';
import { method } from './httpServer.js';
import { until } from '../support/conditions.js';

type Hear = (what: string) => () => void;

/** Every kind of callback of Node in a handler. */
function hearAll(request: IncomingMessage, response: ServerResponse, hear: Hear): void {
  for (const event of ['pipe', 'unpipe', 'prefinish', 'finish', 'close'])
    response.prependOnceListener(event, hear(`response ${event}`));
  for (const event of ['readable', 'end', 'close']) request.once(event, hear(`request ${event}`));
  response.setTimeout(5, hear('timeout'));
  response.write('a', hear('write'));
  queueMicrotask(hear('microtask'));
  process.nextTick(hear('next tick'));
  const read = async () => {
    for await (const chunk of request) hear(`chunk ${String(chunk)}`)();
    hear('the end of the chunks')();
  };
  void read();
  const source = Readable.from(['b']);
  source.on('end', hear('source'));
  source.pipe(response, { end: false });
  setTimeout(() => response.end(hear('end')), 60);
}

const open: Readonly<Record<string, (opened: OpenedActions, hear: Hear) => Promise<number>>> = {
  async Express({ actions }, hear) {
    const app = express();
    const caller = (request: IncomingMessage) => ({ instanceID: String(request.headers['x-instance']) });
    app.post('/', expressActions(actions, { method, caller }), (request, response) => {
      hearAll(request, response, hear);
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closeAfterTest(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  },
  async Fastify({ actions }, hear) {
    const app = fastify();
    await app.register(fastifyActions, {
      actions,
      caller: (request) => ({ instanceID: String(request.headers['x-instance']) }),
    });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => {
      done(null);
    });
    app.post('/', { config: { actionsMethod: method } }, (request, reply) => {
      reply.hijack();
      hearAll(request.raw, reply.raw, hear);
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
    closeAfterTest(() => app.close());
    return (app.server.address() as AddressInfo).port;
  },
};

describe('an append in a callback of a handler', () => {
  for (const [framework, start] of Object.entries(open))
    it(`asks the policy of its caller's tenant, in every callback of ${framework}`, async () => {
      const opened = await openActions();
      await opened.actions.runAs({ instanceID: 'tenant-1' }, () =>
        opened.call(
          { event: { all: true } },
          { type: 'webhook', interruptOnError: true, script: refusal(403) },
        ),
      );
      const outcomes = new Map<string, Promise<unknown>>();
      const append = (what: string) =>
        opened.guarded.append(`order-${outcomes.size}`, [{ type: what, data: {} }]).then(
          () => 'stored',
          (error: unknown) => (error as { readonly code?: string }).code,
        );
      const port = await start(opened, (what) => () => void outcomes.set(what, append(what)));
      const answer = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        body: 'abc',
        headers: { 'x-instance': 'tenant-1', 'content-type': 'text/x', connection: 'close' },
      });
      expect(await answer.text()).to.equal('ab');
      await until(() => outcomes.has('response close'));
      const heard = await Promise.all([...outcomes].map(async ([what, outcome]) => [what, await outcome]));
      expect(heard).to.have.length.above(12);
      expect(heard.filter(([, outcome]) => outcome !== 'TARGET_INTERRUPTED')).to.deep.equal([]);
    });
});
