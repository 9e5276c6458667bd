import { Code, ConnectError } from '@connectrpc/connect';
import { expect } from 'chai';
import { setImmediate } from 'node:timers/promises';
import type { EventStore } from '../../src/index.js';
import { bodies, json, refusal } from '../support/answers.js';
import { openActions, rejection, type OpenOptions, type TargetSettings } from '../support/openActions.js';
import { openConnect, protocols } from './connectServer.js';
import { method, service } from './httpServer.js';
import type { OrderHandlers } from './orderService.js';
import { golden } from './payloads.js';

const asked = { type: 'requestResponse', interruptOnError: true } as const;
const watching = { type: 'webhook', interruptOnError: true } as const;
const onRequest = { request: { method } };
const onResponse = { response: { method } };

const ordering = (guarded: EventStore, handled: unknown[]): OrderHandlers => ({
  async placeOrder(order) {
    const { item, quantity } = order;
    handled.push(order);
    if (item === 'throw') throw new Error('the handler failed');
    if (item === 'error') throw new ConnectError('out of range', Code.OutOfRange);
    await setImmediate();
    await guarded.append(`order-${quantity}`, [{ type: 'order.placed', data: { quantity } }]);
    return { orderId: 'order-1', quantity };
  },
});

for (const protocol of protocols)
  describe(`the guard of unary methods of Connect over ${protocol}`, () => {
    const open = async (options: OpenOptions = {}) => {
      const opened = await openActions(options);
      const handled: unknown[] = [];
      const client = await openConnect(opened.actions, ordering(opened.guarded, handled), protocol);
      return { ...opened, handled, place: client.placeOrder.bind(client) };
    };

    it('sends the golden request and response', async () => {
      const { actions, call, place } = await open();
      const [[request], [response]] = await actions.runAs({ instanceID: 'tenant-1' }, () =>
        Promise.all([call(onRequest, watching), call(onResponse, watching)]),
      );
      const who = {
        'x-instance': 'tenant-1',
        'x-org': 'org-1',
        'x-project': 'project-1',
        'x-user': 'user-1',
      };
      await place({ item: 'book', quantity: 2 }, { headers: who });
      expect(request?.server.received.map(({ body }) => body)).to.deep.equal([golden('request')]);
      expect(response?.server.received.map(({ body }) => body)).to.deep.equal([golden('response')]);
    });

    it('matches a method by its service or for all methods, or not at all', async () => {
      const { call, place, handled } = await open();
      await place({ quantity: 1 });
      const [byService] = await call({ request: { service } }, watching);
      const [all] = await call({ response: { all: true } }, watching);
      await place({ quantity: 1 });
      expect(handled.length).to.equal(2);
      for (const target of [byService, all])
        expect(target && bodies(target.server).map(({ fullMethod }) => fullMethod)).to.deep.equal([method]);
    });

    it('keeps bytes and 64-bit numbers, and passes on the values that targets amended', async () => {
      const { call, place, handled } = await open();
      const [request] = await call(onRequest, {
        ...asked,
        script: json({ customerNumber: '9007199254740995', signature: 'AAH/', quantity: 5 }),
      });
      await call(onResponse, { ...asked, script: json({ text: 'hello' }) });
      const answer = await place({
        customerNumber: 9007199254740993n,
        signature: new Uint8Array([0, 255]),
        quantity: 1,
      });
      expect(answer.text).to.equal('hello');
      expect(request && bodies(request.server)[0]?.['request']).to.deep.equal({
        customerNumber: '9007199254740993',
        signature: 'AP8=',
        quantity: 1,
      });
      expect(handled[0]).to.deep.include({ customerNumber: 9007199254740995n, quantity: 5 });
      expect(Buffer.from((handled[0] as { signature: Uint8Array }).signature)).to.deep.equal(
        Buffer.from([0, 1, 255]),
      );
    });

    for (const [status, code] of [
      [403, Code.PermissionDenied],
      [404, Code.NotFound],
      [409, Code.AlreadyExists],
      [422, Code.FailedPrecondition],
    ] as const)
      it(`ends a call with code ${code} for a verdict of ${status}`, async () => {
        for (const condition of [onRequest, onResponse]) {
          const { call, place, handled } = await open();
          await call(condition, { ...watching, script: refusal(status, 'not today') });
          const error = await rejection(place({ quantity: 1 }));
          expect(error).to.be.instanceOf(ConnectError);
          expect(error).to.include({ code, rawMessage: 'not today' });
          expect(handled.length).to.equal(condition === onRequest ? 0 : 1);
        }
      });

    const failures: readonly (readonly [string, TargetSettings, Code, string])[] = [
      ['an error', { script: { status: 500, body: 'secret detail' } }, Code.FailedPrecondition, 'status'],
      ['a time-out', { script: 'never', timeoutMs: 30 }, Code.DeadlineExceeded, 'timeout'],
      ['an unknown field', { ...asked, script: json({ nope: 1 }) }, Code.FailedPrecondition, 'schema'],
      ['a wrong type', { ...asked, script: json({ quantity: 'many' }) }, Code.FailedPrecondition, 'schema'],
    ];
    for (const [what, target, code, reason] of failures)
      it(`ends a call for ${what} of a target, without naming the target`, async () => {
        for (const condition of [onRequest, onResponse]) {
          const { call, place, reports } = await open();
          await call(condition, { ...watching, name: 'internal name', ...target });
          const error = await rejection(place({ quantity: 1 }));
          expect(error).to.include({ code });
          expect((error as Error).message).not.to.match(/internal name|secret detail/);
          expect(reports.map((report) => report.reason)).to.deep.equal([reason]);
        }
      });

    for (const [item, code] of [
      ['throw', Code.Internal],
      ['error', Code.OutOfRange],
    ] as const)
      it(`calls no target for a response where the handler fails by ${item}`, async () => {
        const { call, place } = await open();
        const [target] = await call(onResponse, watching);
        expect(await rejection(place({ item, quantity: 1 }))).to.include({ code });
        expect(target?.server.received).to.deep.equal([]);
      });

    it('ends a call with the code of a vetoed append', async () => {
      const { call, place, read } = await open();
      await call({ event: { all: true } }, { ...watching, script: refusal(403, 'no such order') });
      expect(await rejection(place({ quantity: 1 }))).to.include({
        code: Code.PermissionDenied,
        rawMessage: 'no such order',
      });
      expect(await read('order-1')).to.deep.equal([]);
    });

    it('fails a call before any target where the caller is unknown, and ends a circle', async () => {
      const { call, place } = await open();
      const [target] = await call(onRequest, watching);
      const failing = async (headers: Record<string, string>) =>
        (await rejection(place({ quantity: 1 }, { headers }))) as ConnectError;
      expect((await failing({ 'x-fail': 'yes' })).code).to.equal(Code.Internal);
      expect((await failing({ 'x-instance': 'no id' })).code).to.equal(Code.InvalidArgument);
      expect((await failing({ 'actions-depth': '-1' })).code).to.equal(Code.InvalidArgument);
      expect((await failing({ 'actions-depth': '3' })).code).to.equal(Code.FailedPrecondition);
      expect(target?.server.received).to.deep.equal([]);
      await place({ quantity: 1 }, { headers: { 'actions-depth': '1' } });
      expect(target?.server.received[0]?.headers['actions-depth']).to.equal('2');
    });

    it('gives up when the client cancels, and when its deadline passes', async () => {
      const { call, place, handled } = await open();
      const [target] = await call(onRequest, { ...watching, script: 'never' });
      const leaving = new AbortController();
      const cancelled = rejection(place({ quantity: 1 }, { signal: leaving.signal }));
      await target?.server.whenReceived(1);
      leaving.abort();
      expect(await cancelled).to.include({ code: Code.Canceled });
      await target?.server.whenIdle();
      expect(await rejection(place({ quantity: 1 }, { timeoutMs: 200 }))).to.include({
        code: Code.DeadlineExceeded,
      });
      await target?.server.whenIdle();
      expect(handled).to.deep.equal([]);
    });

    it('carries a message of 1 MiB both ways', async () => {
      const { call, place } = await open();
      const text = 'x'.repeat(1024 * 1024 - 64);
      await call(onRequest, { ...asked, script: json({ item: text, quantity: 1 }) });
      await call(onResponse, { ...asked, script: json({ text }) });
      expect((await place({ item: text, quantity: 1 })).text).to.equal(text);
    });

    it('never mixes the contexts of 50 callers at once', async () => {
      const { call, place } = await open({ limits: { budgetMs: 120_000 } });
      const slow = { ...watching, timeoutMs: 120_000, script: { delayMs: 5 } };
      const targets = [await call(onRequest, slow), await call({ event: { all: true } }, slow)].flat();
      const callers = Array.from({ length: 50 }, (_, number) => number + 1);
      await Promise.all(
        callers.map((quantity) => place({ quantity }, { headers: { 'x-user': `user-${quantity}` } })),
      );
      for (const { server } of targets)
        expect(
          bodies(server).map(({ userID, fullMethod, request, event_payload: event }) => [
            userID,
            fullMethod,
            ((event ?? request) as { quantity: number }).quantity,
          ]),
        ).to.have.deep.members(callers.map((quantity) => [`user-${quantity}`, method, quantity]));
    });
  });
