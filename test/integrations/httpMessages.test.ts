import { expect } from 'chai';
import { startExpress } from './expressServer.js';
import { startFastify } from './fastifyServer.js';
import { method, openServer, service, type Behaviour } from './httpServer.js';
import { golden } from './payloads.js';
import { bodies, json, refusal } from '../support/answers.js';
import { openActions, type TargetSettings } from '../support/openActions.js';

const asked = { type: 'requestResponse', interruptOnError: true } as const;
const watching = { type: 'webhook', interruptOnError: true } as const;
const onRequest = { request: { method } };
const onResponse = { response: { method } };

for (const [framework, start] of [
  ['Express', startExpress],
  ['Fastify', startFastify],
] as const)
  describe(`the guard of ${framework}`, () => {
    const open = async () => {
      const opened = await openActions();
      return { ...opened, ...(await openServer(start, opened)) };
    };

    it('sends the golden request and response', async () => {
      const { actions, call, send } = await open();
      const [[request], [response]] = await actions.runAs({ instanceID: 'tenant-1' }, () =>
        Promise.all([call(onRequest, watching), call(onResponse, { ...watching, name: 'other' })]),
      );
      const answer = await send(
        'place',
        { item: 'book', quantity: 2 },
        { 'x-instance': 'tenant-1', 'x-org': 'org-1', 'x-project': 'project-1', 'x-user': 'user-1' },
      );
      expect(answer.status).to.equal(200);
      expect(request?.server.received.map(({ body }) => body)).to.deep.equal([golden('request')]);
      expect(response?.server.received.map(({ body }) => body)).to.deep.equal([golden('response')]);
    });

    for (const level of [{ method }, { service }, { all: true }] as const)
      it(`matches a route by ${Object.keys(level).join()}`, async () => {
        const { call, send } = await open();
        const [request] = await call({ request: level }, watching);
        const [response] = await call({ response: level }, watching);
        expect((await send('place', { quantity: 1 })).status).to.equal(200);
        expect(request?.server.received.length).to.equal(1);
        expect(response?.server.received.length).to.equal(1);
        await send('unguarded', {});
        expect(request?.server.received.length).to.equal(1);
      });

    it('gives the handler the request as amended, and shows targets the request beside the response', async () => {
      const { call, send, handled } = await open();
      const [, second] = await call(
        onRequest,
        { ...asked, script: json({ quantity: 3 }) },
        { ...asked, script: json({ quantity: 4, item: 'pen' }) },
      );
      const [response] = await call(onResponse, watching);
      const answer = await send('place', { quantity: 1 });
      expect(answer.json()).to.deep.equal({ orderId: 'order-1', quantity: 4 });
      expect(second && bodies(second.server)[0]?.['request']).to.deep.equal({ quantity: 3 });
      expect(handled).to.deep.equal([{ quantity: 4, item: 'pen' }]);
      expect(response && bodies(response.server)[0]).to.deep.include({
        request: { quantity: 4, item: 'pen' },
        response: { orderId: 'order-1', quantity: 4 },
      });
    });

    it('sends the client the response as amended', async () => {
      const { call, send } = await open();
      await call(onResponse, { ...asked, script: json({ orderId: 'hidden' }) });
      const answer = await send('place', { quantity: 1 });
      expect(answer.json()).to.deep.equal({ orderId: 'hidden' });
      expect(answer.headers['x-handler']).to.equal('was here');
      expect(answer.headers['content-length']).to.equal(String(answer.text.length));
    });

    it('answers a refused request with a problem, and the handler does not run', async () => {
      const { call, send, handled } = await open();
      await call(onRequest, { ...watching, script: refusal(403, 'not on a Sunday') });
      const answer = await send('place', { quantity: 1 });
      expect(answer.status).to.equal(403);
      expect(answer.headers['content-type']).to.contain('application/problem+json');
      expect(answer.json()).to.deep.equal({
        type: 'about:blank',
        title: 'Forbidden',
        status: 403,
        detail: 'not on a Sunday',
        code: 'TARGET_INTERRUPTED',
        reason: 'refused',
      });
      expect(handled).to.deep.equal([]);
    });

    it("answers a refused response with a problem, without any of the handler's content", async () => {
      const { call, send, read } = await open();
      await call(onResponse, { ...watching, script: refusal(409, 'changed my mind') });
      const answer = await send('place', { quantity: 1 });
      expect(answer.status).to.equal(409);
      expect(answer.json()).to.include({ detail: 'changed my mind', code: 'TARGET_INTERRUPTED' });
      expect(answer.headers).not.to.have.property('x-handler');
      expect((await read('order-1')).length).to.equal(1);
    });

    const failures: readonly (readonly [string, TargetSettings, number, string])[] = [
      ['an error of a target', { script: { status: 500, body: 'secret detail' } }, 412, 'status'],
      ['a time-out', { script: 'never', timeoutMs: 30 }, 504, 'timeout'],
      ['a broken connection', { script: 'reset' }, 412, 'network'],
      ['an answer of another kind', { type: 'requestResponse', script: json([1]) }, 412, 'answer-invalid'],
    ];
    for (const [what, target, status, reason] of failures)
      it(`answers ${what} with ${status}, without naming the target`, async () => {
        for (const condition of [onRequest, onResponse]) {
          const { call, send, reports } = await open();
          const [endpoint] = await call(condition, { ...watching, name: 'internal name', ...target });
          const answer = await send('place', { quantity: 1 });
          expect(answer.status).to.equal(status);
          expect(answer.json()).to.include({ status, code: 'TARGET_INTERRUPTED', reason });
          for (const secret of ['internal name', endpoint?.id ?? '', 'secret detail'])
            expect(answer.text).not.to.contain(secret);
          expect(reports.map((report) => report.reason)).to.deep.equal([reason]);
        }
      });

    it('goes on where a target does not interrupt', async () => {
      const { call, send } = await open();
      await call(onRequest, { script: { status: 500 } }, { ...asked, script: json({ quantity: 7 }) });
      await call(onResponse, { type: 'requestResponse', script: json('text') });
      expect((await send('place', { quantity: 1 })).json()).to.deep.equal({
        orderId: 'order-1',
        quantity: 7,
      });
    });

    it('does not wait for async targets', async () => {
      const { call, send } = await open();
      const [request] = await call(onRequest, { type: 'async', script: 'never' });
      const [response] = await call(onResponse, { type: 'async', script: refusal(403) });
      expect((await send('place', { quantity: 1 })).status).to.equal(200);
      await request?.server.whenReceived(1);
      await response?.server.whenReceived(1);
      request?.server.dropConnections();
    });

    const failed: readonly (readonly [Behaviour, number, string])[] = [
      ['bad-request', 400, '{"wrong":true}'],
      ['throw', 500, ''],
    ];
    for (const [behaviour, status, text] of failed)
      it(`calls no target for a response where the handler answered ${status}`, async () => {
        const { call, send } = await open();
        const [target] = await call(onResponse, { ...watching, script: refusal(409) });
        const answer = await send(behaviour, {});
        expect(answer.status).to.equal(status);
        expect(answer.text).to.contain(text);
        expect(target?.server.received).to.deep.equal([]);
      });

    it('answers the veto of an append with its status', async () => {
      const { call, send, read } = await open();
      await call({ event: { group: 'order' } }, { ...watching, script: refusal(422, 'no such order') });
      const [target] = await call(onResponse, watching);
      const answer = await send('veto', {});
      expect(answer.status).to.equal(422);
      expect(answer.json()).to.include({ detail: 'no such order', title: 'Unprocessable Entity' });
      expect(target?.server.received).to.deep.equal([]);
      expect(await read('order-1')).to.deep.equal([]);
    });

    it('shows a missing body as null, which may become an object', async () => {
      const { call, send, handled } = await open();
      const [target] = await call(onRequest, { ...asked, script: json({ added: true }) });
      expect((await send('echo')).json()).to.deep.equal({ body: { added: true } });
      expect(target && bodies(target.server)[0]).to.have.property('request', null);
      expect(handled).to.deep.equal([{ added: true }]);
    });

    it('shows an empty object as an empty object', async () => {
      const { call, send } = await open();
      const [target] = await call(onRequest, watching);
      await send('echo', {});
      expect(target && bodies(target.server)[0]?.['request']).to.deep.equal({});
    });

    const unshown: readonly (readonly [Behaviour, number, string])[] = [
      ['null', 200, 'null'],
      ['text', 200, 'plain text'],
      ['buffer', 200, 'bytes'],
      ['stream', 200, ['a', 'stream', 'of', 'text'].map((part) => part.repeat(10_000)).join('')],
      ['empty', 204, ''],
    ];
    for (const [behaviour, status, text] of unshown) {
      it(`shows a response of ${behaviour} as null and lets it pass`, async () => {
        const { call, send } = await open();
        const [target] = await call(onResponse, { ...watching, script: { delayMs: 20 } });
        const answer = await send(behaviour, {});
        expect(answer.status).to.equal(status);
        expect(answer.text).to.equal(text);
        expect(target && bodies(target.server)).to.have.length(1);
        expect(target && bodies(target.server)[0]).to.have.property('response', null);
      });

      it(`lets a response of ${behaviour} be refused before its first byte`, async () => {
        const { call, send } = await open();
        await call(onResponse, { ...watching, script: refusal(451, 'not here') });
        const answer = await send(behaviour, {});
        expect(answer.status).to.equal(451);
        expect(answer.json()).to.include({ detail: 'not here' });
      });

      it(`does not let a response of ${behaviour} be amended`, async () => {
        const { call, send } = await open();
        await call(onResponse, { ...asked, script: json({ amended: true }) });
        const answer = await send(behaviour, {});
        expect(answer.status).to.equal(412);
        expect(answer.json()).to.include({ reason: 'answer-invalid' });
      });
    }

    it('carries a body of 1 MiB both ways, amended both times', async () => {
      const { call, send, handled } = await open();
      const large = (letter: string) => ({ body: letter.repeat(1024 * 1024 - 64) });
      await call(onRequest, { ...asked, script: json(large('b')) });
      const [target] = await call(onResponse, { ...asked, script: json({ body: large('c') }) });
      const answer = await send('echo', large('a'));
      expect(answer.json()).to.deep.equal({ body: large('c') });
      expect(handled).to.deep.equal([large('b')]);
      expect(target && bodies(target.server)[0]?.['response']).to.deep.equal({ body: large('b') });
    });
  });
