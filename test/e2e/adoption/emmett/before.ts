import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { CommandHandler, getInMemoryEventStore, type Event } from '@event-driven-io/emmett';

type OrderPlaced = Event<'order.placed', { total: number }>;

const store = getInMemoryEventStore();

const handle = CommandHandler<{ placed: boolean }, OrderPlaced>({
  initialState: () => ({ placed: false }),
  evolve: () => ({ placed: true }),
});

const server = createServer(async (request, response) => {
  const id = String(request.url).split('/').pop();
  const data = (await json(request)) as { total: number };
  try {
    await handle(store, `order-${id}`, () => ({ type: 'order.placed', data }));
    response.writeHead(201).end(JSON.stringify({ placed: id }));
  } catch (error) {
    const { errorCode = 500, message } = error as Error & { errorCode?: number };
    response.writeHead(errorCode).end(JSON.stringify({ message }));
  }
});
server.listen(Number(process.env['PORT']), '127.0.0.1', () => console.log('listening'));
process.once('SIGTERM', async () => {
  server.close();
  server.closeAllConnections();
});
