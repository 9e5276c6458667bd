import {
  status,
  type sendUnaryData,
  type ServerUnaryCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { expect } from 'chai';
import { setImmediate } from 'node:timers/promises';
import type { EventStore } from '../../src/index.js';
import { bodies, json, refusal } from '../support/answers.js';
import { withDeadline } from '../support/deadlines.js';
import { openActions, rejection, type OpenOptions, type TargetSettings } from '../support/openActions.js';
import { openGrpc } from './grpcServer.js';
import { method, service } from './httpServer.js';
import { golden } from './payloads.js';

const asked = { type: 'requestResponse', interruptOnError: true } as const;
const watching = { type: 'webhook', interruptOnError: true } as const;
const onRequest = { request: { method } };
const onResponse = { response: { method } };

interface Order {
  readonly item: string;
  readonly quantity: number;
}
type Call = ServerUnaryCall<Order, object>;
type Respond = sendUnaryData<object>;

/** The behaviour of the handler, by the ordered item. */
function ordering(guarded: EventStore, handled: unknown[]): UntypedServiceImplementation {
  return {
    PlaceOrder({ request }: Call, respond: Respond) {
      handled.push(request);
      if (request.item === 'throw') throw new Error('the handler failed');
      if (request.item === 'error') {
        respond({ code: status.OUT_OF_RANGE, details: 'out of range' });
        return;
      }
      if (request.item === 'null') {
        respond(null, null);
        return;
      }
      const data = { item: request.item, quantity: request.quantity };
      void setImmediate()
        .then(() => guarded.append(`order-${request.quantity}`, [{ type: 'order.placed', data }]))
        .then(
          () => {
            respond(null, { orderId: 'order-1', quantity: request.quantity });
          },
          (error: unknown) => {
            respond(error as Error);
          },
        );
    },
  };
}

async function open(options: OpenOptions = {}) {
  const opened = await openActions(options);
  const handled: Order[] = [];
  const { unary } = await openGrpc(opened.actions, ordering(opened.guarded, handled));
  const place = (message: object, headers = {}, callOptions = {}) =>
    unary('PlaceOrder', message, headers, callOptions);
  return { ...opened, handled, place };
}

describe('the guard of unary methods over gRPC', () => {
  it('sends the golden request and response', async () => {
    const { actions, call, place } = await open();
    const [[request], [response]] = await actions.runAs({ instanceID: 'tenant-1' }, () =>
      Promise.all([call(onRequest, watching), call(onResponse, watching)]),
    );
    const headers = { 'x-instance': 'tenant-1', 'x-org': 'org-1', 'x-project': 'project-1' };
    await place({ item: 'book', quantity: 2 }, { ...headers, 'x-user': 'user-1' });
    expect(request?.server.received.map(({ body }) => body)).to.deep.equal([golden('request')]);
    expect(response?.server.received.map(({ body }) => body)).to.deep.equal([golden('response')]);
  });

  for (const level of [{ method }, { service }, { all: true }] as const)
    it(`matches a method by ${Object.keys(level).join()}, as the definition names it`, async () => {
      const { call, place } = await open();
      const [request] = await call({ request: level }, watching);
      const [response] = await call({ response: level }, watching);
      await place({ item: 'book', quantity: 1 });
      for (const target of [request, response])
        expect(target && bodies(target.server)[0]?.['fullMethod']).to.equal(method);
    });

  it('gives the handler the request as amended, and the client the response as amended', async () => {
    const { call, place, handled } = await open();
    await call(onRequest, { ...asked, script: json({ item: 'pen', quantity: 5 }) });
    const [target] = await call(onResponse, { ...asked, script: json({ orderId: 'other', text: 'hello' }) });
    expect(await place({ item: 'book', quantity: 1 })).to.deep.equal({ orderId: 'other', text: 'hello' });
    expect(handled[0]).to.deep.include({ item: 'pen', quantity: 5 });
    expect(target && bodies(target.server)[0]).to.deep.include({
      request: { item: 'pen', quantity: 5 },
      response: { orderId: 'order-1', quantity: 5 },
    });
  });

  const verdicts: readonly (readonly [number, number])[] = [
    [400, 3],
    [401, 16],
    [403, 7],
    [404, 5],
    [409, 6],
    [429, 8],
    [412, 9],
    [418, 9],
  ];
  for (const [verdict, code] of verdicts)
    it(`ends a call with code ${code} for a verdict of ${verdict}, at the request and at the response`, async () => {
      const { call, place, handled } = await open();
      await call(onRequest, { ...watching, script: refusal(verdict, 'not today') });
      const error = await rejection(place({ item: 'book', quantity: 1 }));
      expect(error).to.include({ code, details: 'not today' });
      expect(handled).to.deep.equal([]);
      await call(onRequest, { ...watching });
      await call(onResponse, { ...watching, script: refusal(verdict, 'too late') });
      expect(await rejection(place({ item: 'book', quantity: 1 }))).to.include({ code, details: 'too late' });
      expect(handled.length).to.equal(1);
    });

  const failures: readonly (readonly [string, TargetSettings, number, string])[] = [
    ['an error of a target', { script: { status: 500, body: 'secret detail' } }, 9, 'status'],
    ['a time-out', { script: 'never', timeoutMs: 30 }, 4, 'timeout'],
    ['a broken connection', { script: 'reset' }, 9, 'network'],
    ['an unknown field', { ...asked, script: json({ nope: 1 }) }, 9, 'schema'],
    ['a field of the wrong type', { ...asked, script: json({ quantity: 'many' }) }, 9, 'schema'],
  ];
  for (const [what, target, code, reason] of failures)
    it(`ends a call with code ${code} for ${what}, without naming the target`, async () => {
      for (const condition of [onRequest, onResponse]) {
        const { call, place, reports } = await open();
        await call(condition, { ...watching, name: 'internal name', ...target });
        const error = await rejection(place({ item: 'book', quantity: 1 }));
        expect(error).to.include({ code });
        for (const secret of ['internal name', 'secret detail'])
          expect((error as { details: string }).details).not.to.contain(secret);
        expect(reports.map((report) => report.reason)).to.deep.equal([reason]);
      }
    });

  it('goes on where a target does not interrupt', async () => {
    const { call, place, handled } = await open();
    await call(
      onRequest,
      { type: 'requestResponse', script: json({ nope: 1 }) },
      { script: { status: 500 } },
    );
    await call(onResponse, { type: 'async', script: 'never' });
    expect(await place({ item: 'book', quantity: 1 })).to.deep.equal({ orderId: 'order-1', quantity: 1 });
    expect(handled.length).to.equal(1);
  });

  for (const [item, code, details] of [
    ['throw', 2, 'Unknown error'],
    ['error', 11, 'out of range'],
  ] as const)
    for (const isJudged of [false, true])
      it(`ends a call as gRPC does where the handler fails by ${item}${isJudged ? ' after a verdict' : ''}`, async () => {
        const { call, place } = await open();
        if (isJudged) await call(onRequest, watching);
        const [target] = await call(onResponse, watching);
        expect(await rejection(place({ item, quantity: 1 }))).to.include({ code, details });
        expect(target?.server.received).to.deep.equal([]);
      });

  it('ends a call with the status of a vetoed append', async () => {
    const { call, place, read } = await open();
    await call({ event: { all: true } }, { ...watching, script: refusal(403, 'no such order') });
    const error = await rejection(place({ item: 'book', quantity: 1 }));
    expect(error).to.include({ code: 7, details: 'no such order' });
    expect(await read('order-1')).to.deep.equal([]);
  });

  it('answers as gRPC does where the handler answers with nothing', async () => {
    const { call, place } = await open();
    const bare = await rejection(place({ item: 'null', quantity: 1 }));
    const [target] = await call(onResponse, watching);
    expect(await rejection(place({ item: 'null', quantity: 1 }))).to.include({
      code: (bare as { code: number }).code,
    });
    expect(target?.server.received).to.deep.equal([]);
  });

  it('shows an empty message as an empty object', async () => {
    const { call, place, handled } = await open();
    const [target] = await call(onRequest, { ...asked, script: json({ quantity: 9 }) });
    await place({});
    expect(target && bodies(target.server)[0]?.['request']).to.deep.equal({});
    expect(handled[0]?.quantity).to.equal(9);
  });

  it('carries a message of 1 MiB both ways', async () => {
    const { call, place, handled } = await open();
    const item = 'x'.repeat(1024 * 1024 - 64);
    await call(onRequest, { ...asked, script: json({ item, quantity: 1 }) });
    await call(onResponse, { ...asked, script: json({ text: item }) });
    expect((await place({ item: 'y'.repeat(item.length), quantity: 1 }))['text']).to.equal(item);
    expect(handled[0]?.item).to.equal(item);
  });

  it('fails a call before any target where the caller is unknown', async () => {
    const { call, place, handled } = await open();
    const [target] = await call(onRequest, watching);
    expect(await rejection(place({}, { 'x-fail': 'yes' }))).to.include({ code: 2, details: 'who is that?' });
    expect(await rejection(place({}, { 'x-instance': 'no id' }))).to.include({ code: 3 });
    for (const depth of ['-1', '1.5', 'one'])
      expect(await rejection(place({}, { 'actions-depth': depth }))).to.include({ code: 3 });
    expect(target?.server.received).to.deep.equal([]);
    expect(handled).to.deep.equal([]);
  });

  it('carries the depth on and ends a circle', async () => {
    const { call, place } = await open();
    const [event] = await call({ event: { all: true } }, watching);
    await place({ quantity: 1 }, { 'actions-depth': '2' });
    expect(event?.server.received[0]?.headers['actions-depth']).to.equal('3');
    expect(await rejection(place({ quantity: 1 }, { 'actions-depth': '3' }))).to.include({ code: 9 });
  });

  it('shows targets the configured metadata, and no other', async () => {
    const { call, place } = await open({ forwardHeaders: ['X-Org'] });
    const [target] = await call(onRequest, watching);
    await place({}, { 'x-org': 'org-9', authorization: 'Bearer secret' });
    const [body] = target ? bodies(target.server) : [];
    expect(body?.['headers']).to.deep.equal({ 'x-org': ['org-9'] });
    expect(JSON.stringify(body)).not.to.contain('secret');
  });

  for (const condition of [onRequest, onResponse])
    it(`gives up a ${Object.keys(condition).join()} when the client's deadline passes`, async () => {
      await withDeadline(async (deadlineMs) => {
        const { call, place, handled } = await open();
        const [target] = await call(condition, { ...watching, script: 'never' });
        const sent = rejection(place({ quantity: 1 }, {}, { deadline: Date.now() + deadlineMs }));
        expect(await sent).to.include({ code: 4 });
        if (target?.server.received.length === 0) return false;
        await target?.server.whenIdle();
        expect(handled.length).to.equal(condition === onRequest ? 0 : 1);
        return true;
      });
    });

  it('never mixes the contexts of 50 callers at once', async () => {
    const { call, place } = await open({ limits: { budgetMs: 120_000 } });
    const slow = { ...watching, timeoutMs: 120_000, script: { delayMs: 5 } };
    const targets = [
      await call(onRequest, slow),
      await call(onResponse, slow),
      await call({ event: { all: true } }, slow),
    ].flat();
    const callers = Array.from({ length: 50 }, (_, place) => place + 1);
    const answers = await Promise.all(
      callers.map((number) => place({ quantity: number }, { 'x-user': `user-${number}` })),
    );
    expect(answers.map(({ quantity }) => quantity)).to.deep.equal(callers);
    for (const { server } of targets) {
      const seen = bodies(server).map(({ userID, fullMethod, request, event_payload: event }) => {
        expect(fullMethod).to.equal(method);
        return [userID, ((event ?? request) as Order).quantity];
      });
      expect(seen).to.have.deep.members(callers.map((number) => [`user-${number}`, number]));
    }
  });
});
