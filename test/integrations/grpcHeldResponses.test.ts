import {
  loadPackageDefinition,
  Server,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { expect } from 'chai';
import { bodies, refusal } from '../support/answers.js';
import { openActions, rejection } from '../support/openActions.js';
import { guardService } from '../../src/integrations/grpc/index.js';
import { connect, metadataOf, openGrpc } from './grpcServer.js';
import { asked, named } from './grpcStreaming.js';
import { protos, type loadOrders } from './loadOrders.js';

type Message = Record<string, unknown>;
type Service = ReturnType<typeof loadOrders>;
type Call = ServerUnaryCall<Message, Message>;

describe('a judged response of gRPC', () => {
  it('is sent as the handler gave the response', async () => {
    const { actions, call } = await openActions();
    const reply = { order_id: 'order-1', orderId: 'order-1', quantity: 1 };
    const [endpoint] = await call(named('response', 'PlaceOrder'), {
      ...asked,
      script: () => {
        Object.assign(reply, { orderId: 'changed', quantity: 999, text: 'SECRET' });
        return {};
      },
    });
    const { unary } = await openGrpc(actions, {
      PlaceOrder: (_call: Call, respond: sendUnaryData<Message>) => {
        respond(null, reply);
      },
    });
    expect(await unary('PlaceOrder', {})).to.deep.equal({ orderId: 'order-1', quantity: 1 });
    expect(bodies(endpoint!.server)[0]?.['response']).to.deep.equal({ orderId: 'order-1', quantity: 1 });
  });

  it('takes the metadata of its handler away when the response is refused', async () => {
    const { actions, call } = await openActions();
    await call(named('response', 'PlaceOrder'), { ...asked, script: refusal(403, 'no') });
    const { client } = await openGrpc(actions, {
      PlaceOrder: (unary: Call, respond: sendUnaryData<Message>) => {
        unary.sendMetadata(metadataOf({ 'x-head': 'SECRET' }));
        respond(null, {}, metadataOf({ 'x-trailer': 'SECRET' }));
      },
    });
    const seen: unknown[] = [];
    await new Promise<void>((resolve) => {
      const made = client['PlaceOrder']?.({}, () => undefined) as NodeJS.EventEmitter;
      made.on('metadata', (metadata) => seen.push(metadata));
      made.on('status', (status) => {
        seen.push(status);
        resolve();
      });
    });
    expect(JSON.stringify(seen)).to.include('"code":7').and.not.to.include('SECRET');
  });

  it('takes the trailer of a stream away when the response is refused', async () => {
    const { actions, call } = await openActions();
    await call(named('response', 'WatchOrder'), { ...asked, script: refusal(403, 'no') });
    const { client } = await openGrpc(actions, {
      WatchOrder: (stream: ServerWritableStream<Message, Message>) => {
        stream.sendMetadata(metadataOf({ 'x-head': 'SECRET' }));
        stream.write({ quantity: 1 });
        stream.end(metadataOf({ 'x-trailer': 'SECRET' }));
      },
    });
    const seen: unknown[] = [];
    await new Promise<void>((resolve) => {
      const made = client['WatchOrder']?.({}) as NodeJS.EventEmitter;
      for (const event of ['metadata', 'data']) made.on(event, (what) => seen.push(what));
      made.on('error', () => undefined);
      made.on('status', (status) => {
        seen.push(status);
        resolve();
      });
    });
    expect(JSON.stringify(seen)).to.include('"code":7').and.not.to.include('SECRET');
  });
});

describe('a response of gRPC whose type has no fields', () => {
  for (const nothing of [null, undefined, {}])
    it(`is judged where the handler answers ${JSON.stringify(nothing)}`, async () => {
      const { actions, call } = await openActions();
      await call({ response: { all: true } }, { ...asked, script: refusal(403, 'no') });
      const loaded = loadPackageDefinition(loadSync('kinds/v1/empty.proto', { includeDirs: [protos] }));
      const { EmptyService } = (loaded['kinds'] as unknown as { v1: { EmptyService: Service } }).v1;
      const server = new Server();
      const erase = (_call: Call, respond: sendUnaryData<unknown>) => {
        respond(null, nothing);
      };
      server.addService(EmptyService.service, guardService(EmptyService.service, { Erase: erase }, actions));
      const client = await connect(server, EmptyService);
      const error = await new Promise((resolve) => client['Erase']?.({}, resolve));
      expect(error).to.have.property('code', 7);
    });
});

describe('a call of gRPC', () => {
  it('tells listeners of its end in the context of its caller', async () => {
    const { actions, guarded, call, read } = await openActions();
    await actions.runAs({ instanceID: 'tenant-1' }, () =>
      call({ event: { all: true } }, { ...asked, script: refusal(403, 'no') }),
    );
    let appended: Promise<unknown> | undefined;
    let started = (): void => undefined;
    const isCalled = new Promise<void>((resolve) => (started = resolve));
    const { client } = await openGrpc(actions, {
      PlaceOrder: (unary: Call) => {
        unary.on('cancelled', () => {
          appended = rejection(guarded.append('order-1', [{ type: 'order.left', data: {} }]));
          left();
        });
        started();
      },
    });
    let left = (): void => undefined;
    const isLeft = new Promise<void>((resolve) => (left = resolve));
    const made = client['PlaceOrder']?.({}, metadataOf({ 'x-instance': 'tenant-1' }), () => undefined) as {
      cancel(): void;
    };
    await isCalled;
    made.cancel();
    await isLeft;
    expect(await appended).to.have.property('code', 'TARGET_INTERRUPTED');
    expect(await read('order-1')).to.deep.equal([]);
  });

  it('shows binary metadata as base64', async () => {
    const { actions, call } = await openActions({ forwardHeaders: ['x-data-bin'] });
    const [endpoint] = await call(named('request', 'PlaceOrder'), asked);
    const { client } = await openGrpc(actions, {
      PlaceOrder: (_call: Call, respond: sendUnaryData<Message>) => {
        respond(null, {});
      },
    });
    const metadata = metadataOf({});
    metadata.set('x-data-bin', Buffer.from([0, 255, 104]));
    await new Promise((resolve) => {
      client['PlaceOrder']?.({}, metadata, resolve);
    });
    expect(bodies(endpoint!.server)[0]?.['headers']).to.deep.equal({ 'x-data-bin': ['AP9o'] });
  });
});
