/** An endpoint on node:http, and an application that calls it. */
// #region endpoint
import { createServer } from 'node:http';
import { allow, amend, createReceiver, isActionsError, refuse } from 'eventstore-actions/receiver';
import { openOrderDesk } from './receiver/orderDesk.js';

const port = Number(process.env['PORT'] ?? 4000);
const desk = await openOrderDesk(`http://127.0.0.1:${port}/orders`);
const { signingKey } = desk;

interface Order {
  readonly total: number;
}

const receiver = createReceiver({ signingKeys: [signingKey] });

const server = createServer(async (request, response) => {
  try {
    const call = await receiver.read<Order>({ headers: request.headers, body: request });
    let reply = allow();
    if (call.kind === 'event') {
      const order = call.payload.event_payload;
      reply = order.total > 1_000 ? refuse(403, 'ask a manager') : amend({ ...order, reviewed: true });
    }
    response.writeHead(reply.status, reply.headers).end(reply.body);
  } catch (error) {
    response.writeHead(isActionsError(error) ? error.status : 500).end();
  }
});

server.listen(port, '127.0.0.1', async () => {
  await desk.placeOrders();
  server.close();
});
// #endregion endpoint
