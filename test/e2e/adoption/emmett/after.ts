import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { CommandHandler, getInMemoryEventStore, type Event } from '@event-driven-io/emmett';
import { createActions, createKeyring } from 'eventstore-actions';
import { interceptEmmett } from 'eventstore-actions/emmett';
import { sqliteEventStore } from 'eventstore-actions/sqlite';

type OrderPlaced = Event<'order.placed', { total: number }>;

const eventStore = sqliteEventStore({ path: 'actions.db' });
const actions = await createActions({
  eventStore,
  keyring: createKeyring({ activeKeyID: 'first', keys: { first: process.env['KEY'] ?? '' } }),
  network: { allow: ['127.0.0.1/32'] },
});
const store = interceptEmmett(getInMemoryEventStore(), actions);

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
  await actions.close();
  await eventStore.close();
});
