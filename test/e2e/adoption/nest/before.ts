import 'reflect-metadata';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { Body, Controller, Inject, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

const client = EventStoreDBClient.connectionString(process.env['EVENTSTOREDB_URL'] ?? '');

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
  providers: [{ provide: EventStoreDBClient, useValue: client }],
})
class AppModule {}

async function main(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(Number(process.env['PORT']), '127.0.0.1');
  console.log('listening');
  process.once('SIGTERM', async () => {
    await app.close();
    await client.dispose();
  });
}

void main();
