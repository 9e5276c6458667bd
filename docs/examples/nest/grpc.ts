// #region controller
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { credentials, loadPackageDefinition, Metadata, type Client, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Controller, Inject, Module, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import type { Actions, EventStore } from 'eventstore-actions';
import { ACTIONS, ActionsModule, EVENT_STORE } from './actions.module';
import { GrpcActionsInterceptor } from './grpcActions.interceptor';
import { govern } from './orderService/governance';

interface Order {
  readonly item: string;
  readonly quantity: number;
}

@Controller()
@UseInterceptors(GrpcActionsInterceptor)
class OrderService {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  @GrpcMethod('OrderService', 'PlaceOrder')
  async placeOrder({ item, quantity }: Order): Promise<object> {
    const orderId = randomUUID();
    await this.store.append(`order-${orderId}`, [{ type: 'order.placed', data: { item, quantity } }]);
    return { orderId };
  }
}

@Module({ imports: [ActionsModule], controllers: [OrderService] })
class AppModule {}
// #endregion controller

// #region serve
const protoPath = join(process.cwd(), 'orderService/orders.proto');
// Load messages in the JSON form of targets: 64-bit numbers and enums as text, bytes in base64.
const loader = { longs: String, enums: String, bytes: String };

async function serve(url: string) {
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    logger: false,
    transport: Transport.GRPC,
    options: { package: 'orders.v1', protoPath, url, loader },
  });
  app.enableShutdownHooks();
  await app.listen();
  return app;
}
// #endregion serve

// #region try
type Answered = (error: ServiceError | null, placed?: { readonly message: string }) => void;
interface OrderClient extends Client {
  placeOrder(order: Order, metadata: Metadata, answered: Answered): void;
}
interface Orders {
  readonly orders: {
    readonly v1: {
      readonly OrderService: new (...given: ConstructorParameters<typeof Client>) => OrderClient;
    };
  };
}

async function main(): Promise<void> {
  const url = `127.0.0.1:${process.env['PORT'] ?? 5000}`;
  const app = await serve(url);
  const governance = await govern(app.get<Actions>(ACTIONS));

  const { orders } = loadPackageDefinition(loadSync(protoPath)) as unknown as Orders;
  const client = new orders.v1.OrderService(url, credentials.createInsecure());
  const metadata = new Metadata();
  metadata.set('x-user', 'ada');
  for (const quantity of [2, 1_000])
    await new Promise<void>((resolve) => {
      client.placeOrder({ item: 'book', quantity }, metadata, (error, placed) => {
        if (error) console.log(error.code, error.details);
        else console.log(0, placed?.message);
        resolve();
      });
    });
  client.close();
  await governance.close();
  await app.close();
}

void main();
// #endregion try
