import 'reflect-metadata';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { Body, Controller, Inject, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createActions, createKeyring } from 'eventstore-actions';
import { fromEventStoreDB, interceptClient } from 'eventstore-actions/eventstoredb';

const client = EventStoreDBClient.connectionString(process.env['EVENTSTOREDB_URL'] ?? '');
const actions = createActions({
  eventStore: fromEventStoreDB(client),
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: process.env['KEY'] ?? '' } }),
  network: { allow: ['127.0.0.1/32'] },
});

@Controller('orders')
class Orders {
  constructor(@Inject(EventStoreDBClient) private readonly client: EventStoreDBClient) {}

  @Post(':id')
  async place(@Param('id') id: string, @Body() data: { total: number }): Promise<object> {
    const event = jsonEvent({ type: 'order.placed', data });
    await this.client.appendToStream(`order-${id}`, event, { expectedRevision: 'no_stream' });
    return { placed: id };
  }
}

@Module({
  controllers: [Orders],
  providers: [
    { provide: EventStoreDBClient, useFactory: async () => interceptClient(client, await actions) },
  ],
})
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(Number(process.env['PORT']), '127.0.0.1');
  console.log('listening');
  process.once('SIGTERM', async () => {
    await app.close();
    await (await actions).close();
    await client.dispose();
  });
}

void main();
