import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import express, { type NextFunction, type Request, type Response } from 'express';

const client = EventStoreDBClient.connectionString(process.env['EVENTSTOREDB_URL'] ?? '');

const app = express();
app.use(express.json());

app.post('/orders/:id', (request, response, next) => {
  const event = jsonEvent({ type: 'order.placed', data: request.body });
  client
    .appendToStream(`order-${request.params.id}`, event, { expectedRevision: 'no_stream' })
    .then(() => response.status(201).json({ placed: request.params.id }))
    .catch(next);
});

app.use((error: Error & { statusCode?: number }, _: Request, response: Response, _next: NextFunction) => {
  response.status(error.statusCode ?? 500).json({ message: error.message });
});

const server = app.listen(Number(process.env['PORT']), '127.0.0.1', () => console.log('listening'));
process.once('SIGTERM', async () => {
  server.close();
  await client.dispose();
});
