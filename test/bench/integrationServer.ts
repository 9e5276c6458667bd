/** One server of the measurement, in a process of its own, so that its CPU time is its own. Started with `fork`. */
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import type { Interceptor } from '@connectrpc/connect';
import express, { type RequestHandler } from 'express';
import fastify, { type FastifyPluginCallback } from 'fastify';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createActions, memoryEventStore } from '../../src/index.js';
import { actionsInterceptor } from '../../src/integrations/connect/index.js';
import { expressActions } from '../../src/integrations/express/index.js';
import { fastifyActions } from '../../src/integrations/fastify/index.js';
import { guardService } from '../../src/integrations/grpc/index.js';
import { OrderService } from '../integrations/orderService.js';
import { loadOrders } from '../integrations/loadOrders.js';

export type Variant = 'bare' | 'storage' | 'ours';
export type Framework = 'express' | 'fastify' | 'grpc' | 'connect';

const [framework, variant] = process.argv.slice(2) as [Framework, Variant];
const method = '/orders.v1.OrderService/PlaceOrder';
const storage = new AsyncLocalStorage<object>();
const caller = () => ({ userID: 'user-1', orgID: 'org-1' });
const actions = await createActions({ eventStore: memoryEventStore(), keyring: 'plaintext' });

async function startExpress(): Promise<number> {
  const app = express();
  const before: Record<Variant, RequestHandler[]> = {
    bare: [],
    storage: [
      (_request, _response, next) => {
        storage.run({}, next);
      },
    ],
    ours: [expressActions(actions, { method, caller })],
  };
  app.post('/', express.json(), ...before[variant], (request, response) => {
    response.json(request.body);
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/**
 * Each registers one plugin, as every service does: a hook of an application that has registered any plugin, an
 * empty one too, costs more than a hook of an application without plugins, and this library does not cause that
 * cost.
 */
async function startFastify(): Promise<number> {
  const app = fastify();
  const plugins: Record<Variant, FastifyPluginCallback> = {
    bare: (_scope, _options, done) => {
      done();
    },
    storage: (scope, _options, done) => {
      scope.addHook('preHandler', (_request, _reply, handle) => {
        storage.run({}, handle);
      });
      done();
    },
    ours: (scope, _options, done) => {
      fastifyActions(scope, { actions, caller }, done);
    },
  };
  void app.register(Object.assign(plugins[variant], { [Symbol.for('skip-override')]: true }));
  app.post('/', { config: { actionsMethod: method } }, (request) => Promise.resolve(request.body));
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
}

async function startGrpc(): Promise<number> {
  const { service } = loadOrders();
  const PlaceOrder = (
    { request }: ServerUnaryCall<{ quantity: number }, object>,
    respond: sendUnaryData<object>,
  ) => {
    respond(null, { orderId: 'order-1', quantity: request.quantity });
  };
  const handlers = {
    bare: { PlaceOrder },
    storage: {
      PlaceOrder: (call: ServerUnaryCall<{ quantity: number }, object>, respond: sendUnaryData<object>) => {
        storage.run({}, () => {
          PlaceOrder(call, respond);
        });
      },
    },
    ours: guardService(service, { PlaceOrder }, actions, { caller }),
  };
  const server = new Server();
  server.addService(service, handlers[variant]);
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}

async function startConnect(): Promise<number> {
  const interceptors: Record<Variant, Interceptor[]> = {
    bare: [],
    storage: [(next) => (request) => storage.run({}, () => next(request))],
    ours: [actionsInterceptor(actions, { caller })],
  };
  const placeOrder = ({ quantity }: { readonly quantity: number }) => ({ orderId: 'order-1', quantity });
  const server = createServer(
    connectNodeAdapter({
      routes: (router) => router.service(OrderService, { placeOrder } as never),
      interceptors: interceptors[variant],
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const start = { express: startExpress, fastify: startFastify, grpc: startGrpc, connect: startConnect };
const port = await start[framework]();
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});
process.on('disconnect', () => process.exit());
process.send?.(port);
