import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import fastify from 'fastify';
import { createActions, createKeyring } from 'eventstore-actions';
import { fromEventStoreDB, interceptClient } from 'eventstore-actions/eventstoredb';

const eventStoreDB = EventStoreDBClient.connectionString(process.env['EVENTSTOREDB_URL'] ?? '');
const actions = await createActions({
  eventStore: fromEventStoreDB(eventStoreDB),
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: process.env['KEY'] ?? '' } }),
  network: { allow: ['127.0.0.1/32'] },
});
const client = interceptClient(eventStoreDB, actions);

const app = fastify();

app.post<{ Params: { id: string }; Body: { total: number } }>('/orders/:id', async (request, reply) => {
  const event = jsonEvent({ type: 'order.placed', data: request.body });
  await client.appendToStream(`order-${request.params.id}`, event, { expectedRevision: 'no_stream' });
  return reply.code(201).send({ placed: request.params.id });
});

await app.listen({ port: Number(process.env['PORT']), host: '127.0.0.1' });
console.log('listening');
process.once('SIGTERM', async () => {
  await app.close();
  await actions.close();
  await client.dispose();
});
