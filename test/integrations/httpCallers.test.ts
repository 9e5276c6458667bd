import { expect } from 'chai';
import { startExpress } from './expressServer.js';
import { startFastify } from './fastifyServer.js';
import { method, openServer } from './httpServer.js';
import { goldenCaller } from './payloads.js';
import { bodies, json, refusal } from '../support/answers.js';
import { openActions, type OpenOptions } from '../support/openActions.js';
import type { Script } from '../support/targetServer.js';

const watching = { type: 'webhook', interruptOnError: true } as const;
const onRequest = { request: { method } };
const onResponse = { response: { method } };

for (const [framework, start] of [
  ['Express', startExpress],
  ['Fastify', startFastify],
] as const)
  describe(`the guard of ${framework}`, () => {
    const open = async (options: OpenOptions = {}) => {
      const opened = await openActions(options);
      return { ...opened, ...(await openServer(start, opened)) };
    };

    it('fails a call before any target where the caller is unknown', async () => {
      const { call, send, handled } = await open();
      const [target] = await call(onRequest, watching);
      expect((await send('place', {}, { 'x-fail': 'yes' })).status).to.equal(500);
      const malformed = await send('place', {}, { 'x-instance': 'not an id' });
      expect(malformed.status).to.equal(400);
      expect(malformed.json()).to.include({ code: 'INVALID_ARGUMENT' });
      expect(target?.server.received).to.deep.equal([]);
      expect(handled).to.deep.equal([]);
    });

    it('carries the depth on, and ends a circle', async () => {
      const { call, send } = await open();
      const [request] = await call(onRequest, watching);
      const [event] = await call({ event: { all: true } }, watching);
      expect((await send('place', { quantity: 1 }, { 'actions-depth': '2' })).status).to.equal(200);
      expect(request?.server.received[0]?.headers['actions-depth']).to.equal('3');
      expect(event?.server.received[0]?.headers['actions-depth']).to.equal('3');
      const tooDeep = await send('place', { quantity: 1 }, { 'actions-depth': '3' });
      expect(tooDeep.status).to.equal(508);
      for (const depth of ['-1', '1.5', 'one', ''])
        expect((await send('place', {}, { 'actions-depth': depth })).status).to.equal(400);
      expect(request?.server.received.length).to.equal(1);
    });

    it('resolves conditions in the instance of the caller', async () => {
      const { actions, call, send } = await open();
      const [target] = await actions.runAs({ instanceID: 'a' }, () =>
        call(onRequest, { ...watching, script: refusal(403) }),
      );
      expect((await send('place', { quantity: 1 }, { 'x-instance': 'b' })).status).to.equal(200);
      expect((await send('place', { quantity: 1 })).status).to.equal(200);
      expect((await send('place', { quantity: 1 }, { 'x-instance': 'a' })).status).to.equal(403);
      expect(target?.server.received.length).to.equal(1);
    });

    it('keeps the content of two tenants apart when both call at once, one with a hostile target', async () => {
      const { actions, call, send, handled, reports } = await open();
      const hostile = { ...watching, script: { delayMs: 20, ...refusal(403, 'of a') } };
      const amending: Script = ({ body }) => {
        const { request } = JSON.parse(body) as { readonly request: object };
        return json({ ...request, seenBy: 'b' });
      };
      const own = { type: 'requestResponse', interruptOnError: true, script: amending } as const;
      const [ofA] = await actions.runAs({ instanceID: 'a' }, () => call(onRequest, hostile));
      const [ofB] = await actions.runAs({ instanceID: 'b' }, () => call(onRequest, own));
      const count = 20;
      const sent = Array.from({ length: 2 * count }, (_, each) => {
        const tenant = each % 2 === 0 ? 'a' : 'b';
        return send('echo', { secret: `secret-of-${tenant}-${each}` }, { 'x-instance': tenant });
      });
      for (const [each, answer] of (await Promise.all(sent)).entries())
        if (each % 2 === 0) expect(answer).to.have.property('status', 403);
        else expect(answer.json()).to.deep.equal({ body: { secret: `secret-of-b-${each}`, seenBy: 'b' } });
      for (const [target, other] of [
        [ofA, 'secret-of-b'],
        [ofB, 'secret-of-a'],
      ] as const) {
        expect(target?.server.received).to.have.lengthOf(count);
        expect(JSON.stringify(target?.server.received)).not.to.include(other);
      }
      expect(JSON.stringify(handled)).not.to.include('secret-of-a');
      expect(reports).to.have.lengthOf(2 * count);
      expect(
        reports.every(({ instanceID, targetID }) => (instanceID === 'a') === (targetID === ofA?.id)),
      ).to.equal(true);
    });

    for (const condition of [onRequest, onResponse])
      it(`gives up a ${Object.keys(condition).join()} when the client goes`, async () => {
        const { call, send, reports } = await open();
        const [target] = await call(condition, { ...watching, script: 'never' }, watching);
        const leaving = new AbortController();
        const sent = send('place', { quantity: 1 }, {}, leaving.signal).catch((error: unknown) => error);
        await target?.server.whenReceived(1);
        leaving.abort();
        expect(await sent).to.be.instanceOf(Error);
        await target?.server.whenIdle();
        expect(reports.filter(({ verdict }) => verdict === 'passed')).to.deep.equal([]);
      });

    it('shows targets the configured headers of the caller, and no others', async () => {
      const { call, send } = await open({ forwardHeaders: ['X-Org', 'x-absent'] });
      const [request] = await call(onRequest, watching);
      const [response] = await call(onResponse, watching);
      await send('place', { quantity: 1 }, { 'x-org': 'org-9', authorization: 'Bearer secret' });
      for (const target of [request, response]) {
        const [body] = target ? bodies(target.server) : [];
        expect(body?.['headers']).to.deep.equal({ 'x-org': ['org-9'] });
        expect(Object.keys(body ?? {}).at(-1)).to.equal('headers');
        expect(JSON.stringify(body)).not.to.contain('secret');
      }
    });

    it('never mixes the contexts of 50 callers at once', async () => {
      const { call, send } = await open({ limits: { budgetMs: 120_000 } });
      const slow = { ...watching, timeoutMs: 120_000, script: { delayMs: 5 } };
      const targets = [
        await call(onRequest, slow),
        await call(onResponse, slow),
        await call({ event: { all: true } }, slow),
      ].flat();
      const callers = Array.from({ length: 50 }, (_, place) => place);
      const sent = await Promise.all(
        callers.map((place) =>
          send('place', { orderId: `order-${place}`, quantity: place }, { 'x-user': `user-${place}` }),
        ),
      );
      expect(sent.map(({ json: read }) => read())).to.deep.equal(
        callers.map((place) => ({ orderId: `order-${place}`, quantity: place })),
      );
      for (const { server } of targets) {
        const seen = bodies(server).map(({ userID, fullMethod, request, stream }) => {
          expect(fullMethod).to.equal(method);
          return [userID, stream ?? (request as { orderId: string }).orderId];
        });
        expect(seen).to.have.deep.members(callers.map((place) => [`user-${place}`, `order-${place}`]));
      }
    });

    it('runs handlers in the context of the caller, where the event is appended', async () => {
      const { actions, call, send } = await open();
      const [event] = await actions.runAs({ instanceID: 'tenant-1' }, () =>
        call({ event: { all: true } }, watching),
      );
      await send(
        'place',
        { quantity: 2 },
        { 'x-instance': 'tenant-1', 'x-org': 'org-1', 'x-project': 'project-1', 'x-user': 'user-1' },
      );
      expect(event && bodies(event.server)[0]).to.deep.include({ ...goldenCaller, fullMethod: method });
    });
  });
