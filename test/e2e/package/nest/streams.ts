import 'reflect-metadata';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { credentials, loadPackageDefinition, Metadata, type Client, type ServiceError } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { Controller, Inject, Module, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GrpcMethod, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import type { Actions, EventStore } from 'eventstore-actions';
import { amend, createReceiver, refuse, type Reply } from 'eventstore-actions/receiver';
import { of, type Observable } from 'rxjs';
import { ACTIONS, ActionsModule, EVENT_STORE } from './actions.module';
import { GrpcActionsInterceptor } from './grpcActions.interceptor';

interface Order {
  readonly item: string;
  readonly quantity: string;
  readonly user?: string;
}

@Controller()
@UseInterceptors(GrpcActionsInterceptor)
class Watch {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  @GrpcMethod('Watch', 'Place')
  async place(order: Order): Promise<object> {
    await this.store.append('order-1', [{ type: 'order.placed', data: { ...order } }]);
    return order;
  }

  @GrpcMethod('Watch', 'Follow')
  follow(order: Order): Observable<object> {
    return of(...['1', '2', '3'].map((quantity) => ({ ...order, quantity })));
  }
}

@Module({ imports: [ActionsModule], controllers: [Watch] })
class AppModule {}

type Body = Readonly<Record<string, Order>> & { readonly userID?: string };

function judge(kind: string, body: Body): Reply | undefined {
  const { request, response, event_payload: event } = body;
  if (kind === 'request' && request?.item === 'pen') return amend({ ...request, item: 'pencil' });
  if (kind === 'request' && request?.item === 'who') return amend({ ...request, user: body.userID });
  if (kind === 'event' && event?.item === 'taken') return refuse(409, 'taken');
  if (kind === 'response' && response?.quantity === '2')
    return amend({ ...response, quantity: '9007199254740993' });
  if (kind === 'response' && response?.quantity === '3') return refuse(403, 'no third');
  return undefined;
}

async function main(): Promise<void> {
  const url = `127.0.0.1:${process.env['PORT']}`;
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(AppModule, {
    logger: false,
    transport: Transport.GRPC,
    options: {
      package: 'watch.v1',
      protoPath: 'watch.proto',
      url,
      loader: { longs: String, enums: String, bytes: String },
    },
  });
  await app.listen();
  const actions = app.get<Actions>(ACTIONS);
  let signingKeys: string[] = [];
  const endpoint = createServer(async (request, response) => {
    const call = await createReceiver({ signingKeys }).read({ headers: request.headers, body: request });
    const reply = judge(call.kind, call.payload as unknown as Body);
    response.writeHead(reply?.status ?? 200, reply?.headers).end(reply?.body);
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const { id, signingKey } = await actions.targets.add({
    name: 'policy',
    type: 'requestResponse',
    endpoint: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`,
    interruptOnError: true,
  });
  signingKeys = [signingKey];
  const service = 'watch.v1.Watch';
  for (const condition of [
    { request: { service } },
    { response: { service } },
    { event: { all: true } },
  ] as const)
    await actions.executions.set(condition, [id]);

  const loaded = loadPackageDefinition(loadSync('watch.proto', { longs: String })) as unknown as {
    readonly watch: {
      readonly v1: { readonly Watch: new (...given: ConstructorParameters<typeof Client>) => Client };
    };
  };
  const client = new loaded.watch.v1.Watch(url, credentials.createInsecure()) as unknown as {
    place(
      order: object,
      metadata: Metadata,
      answered: (error: ServiceError | null, order?: Order) => void,
    ): void;
    follow(order: object): NodeJS.EventEmitter;
    close(): void;
  };
  const place = (item: string, headers: Readonly<Record<string, string>> = {}) =>
    new Promise<void>((resolve) => {
      const metadata = new Metadata();
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
      client.place({ item, quantity: '1' }, metadata, (error, order) => {
        console.log(item, error ? `${error.code} ${error.details}` : `${order?.item} ${order?.user}`);
        resolve();
      });
    });
  await place('pen');
  await place('taken');
  await place('who', { 'x-user': 'ada' });
  await place('pen', { 'actions-depth': 'deep' });
  await place('pen', { 'actions-depth': '3' });
  await new Promise<void>((resolve) => {
    client
      .follow({ item: 'book', quantity: '0' })
      .on('data', (order: Order) => {
        console.log('follow', order.quantity);
      })
      .on('error', (error: ServiceError) => {
        console.log('follow', error.code, error.details);
        resolve();
      });
  });
  client.close();
  endpoint.close();
  await app.close();
}

void main();
