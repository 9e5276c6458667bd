/** The code of docs/guides/grpc.md: an order service whose requests, responses and events targets govern. */
// #region imports
import { randomBytes, randomUUID } from 'node:crypto';
import {
  credentials,
  loadPackageDefinition,
  Metadata,
  Server,
  ServerCredentials,
  status,
  type Client,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { createActions, createKeyring, memoryEventStore } from 'eventstore-actions';
import { guardService } from 'eventstore-actions/grpc';
import { govern } from './orderService/governance.js';
// #endregion imports

// #region open
// In memory, so that each run starts empty. Use sqliteEventStore({ path }), fromEventStoreDB(client) or another store.
const eventStore = memoryEventStore();
const actions = await createActions({
  eventStore,
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: randomBytes(32) } }),
  network: { allow: ['127.0.0.1/32'] },
});
const store = actions.intercept(eventStore);
// #endregion open

// #region types
interface Order {
  readonly item: string;
  readonly quantity: number;
}
interface Placed {
  readonly orderId: string;
  readonly message?: string;
}
interface OrderClient extends Client {
  placeOrder(
    order: Order,
    metadata: Metadata,
    done: (error: ServiceError | null, placed: Placed) => void,
  ): void;
}
interface Orders {
  readonly orders: {
    readonly v1: {
      readonly OrderService: {
        new (...sent: ConstructorParameters<typeof Client>): OrderClient;
        readonly service: ServiceDefinition;
      };
    };
  };
}
// #endregion types

// #region serve
const protoFile = new URL('orderService/orders.proto', import.meta.url).pathname;
const { OrderService } = (loadPackageDefinition(loadSync(protoFile)) as unknown as Orders).orders.v1;

const handlers = {
  placeOrder(call: ServerUnaryCall<Order, Placed>, respond: sendUnaryData<Placed>) {
    const orderId = randomUUID();
    const { item, quantity } = call.request;
    store.append(`order-${orderId}`, [{ type: 'order.placed', data: { item, quantity } }]).then(
      () => {
        respond(null, { orderId });
      },
      (error: unknown) => {
        respond(error as Error);
      },
    );
  },
};

const server = new Server();
server.addService(
  OrderService.service,
  guardService(OrderService.service, handlers, actions, {
    caller: (metadata) => ({ userID: metadata.get('x-user')[0]?.toString() }),
  }),
);
// #endregion serve

// #region try
const governance = await govern(actions);
const port = await new Promise<number>((resolve, reject) => {
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
    if (error) reject(error);
    else resolve(bound);
  });
});
const client = new OrderService(`127.0.0.1:${port}`, credentials.createInsecure());
const metadata = new Metadata();
metadata.set('x-user', 'ada');
for (const quantity of [2, 1_000])
  await new Promise<void>((resolve) => {
    client.placeOrder({ item: 'book', quantity }, metadata, (error, placed) => {
      if (error) console.log(status[error.code], error.details);
      else console.log('OK', placed.message);
      resolve();
    });
  });
client.close();
server.forceShutdown();
await governance.close();
await actions.close();
// #endregion try
