// #region controller
import 'reflect-metadata';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Body, Controller, Inject, Module, Post, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Actions, EventStore } from 'eventstore-actions';
import { createReceiver, refuse } from 'eventstore-actions/receiver';
import { ACTIONS, ActionsInterceptor, ActionsModule, EVENT_STORE } from './actions.module';

@Controller('orders')
@UseInterceptors(ActionsInterceptor)
class Orders {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  @Post()
  async place(@Body() order: { id: string; total: number }): Promise<object> {
    await this.store.append(`order-${order.id}`, [{ type: 'order.placed', data: order }]);
    return { placed: order.id, total: order.total };
  }
}

@Module({ imports: [ActionsModule], controllers: [Orders] })
class AppModule {}
// #endregion controller

// #region try
async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: false });
  app.enableShutdownHooks();
  await app.listen(0, '127.0.0.1');
  const actions = app.get<Actions>(ACTIONS);

  // An endpoint that refuses one order as a request and one as an event, and amends the answer to a third.
  let signingKeys: string[] = [];
  const endpoint = createServer(async (request, response) => {
    const call = await createReceiver({ signingKeys }).read({ headers: request.headers, body: request });
    const text = JSON.stringify(call.payload);
    let reply: { status: number; headers?: object; body?: string } = { status: 200 };
    if (call.kind === 'request' && text.includes('"id":"r"')) reply = refuse(403, 'not this request');
    if (call.kind === 'event' && text.includes('"id":"e"')) reply = refuse(409, 'not this event');
    if (call.kind === 'response' && text.includes('"id":"a"'))
      reply = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"placed":"amended"}' };
    response.writeHead(reply.status, reply.headers as Record<string, string>).end(reply.body);
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const { id, signingKey } = await actions.targets.add({
    name: 'policy',
    type: 'requestResponse',
    endpoint: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`,
    interruptOnError: true,
  });
  signingKeys = [signingKey];
  for (const condition of [
    { request: { service: 'Orders' } },
    { response: { method: 'Orders/place' } },
    { event: { group: 'order' } },
  ])
    await actions.executions.set(condition, [id]);

  const url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/orders`;
  for (const order of ['ok', 'r', 'e', 'a']) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id: order, total: 1 }),
    });
    console.log(order, answer.status, await answer.text());
  }
  await app.close();
  endpoint.close();
}

void main();
// #endregion try
