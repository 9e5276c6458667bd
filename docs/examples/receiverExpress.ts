/** An endpoint in Express 5, and an application that calls it. */
// #region endpoint
import express, { type ErrorRequestHandler } from 'express';
import { allow, amend, createReceiver, isActionsError, refuse } from 'eventstore-actions/receiver';
import { openOrderDesk } from './receiver/orderDesk.js';

const port = Number(process.env['PORT'] ?? 4000);
const desk = await openOrderDesk(`http://127.0.0.1:${port}/orders`);
const { signingKey } = desk;

interface Order {
  readonly total: number;
}

const receiver = createReceiver({ signingKeys: [signingKey] });
const app = express();

// Before app.use(express.json()): a parsed body can no longer be verified.
app.post('/orders', express.raw({ type: '*/*', limit: '4mb' }), async (request, response) => {
  const call = await receiver.read<Order>({ headers: request.headers, body: request.body as Buffer });
  let reply = allow();
  if (call.kind === 'event') {
    const order = call.payload.event_payload;
    reply = order.total > 1_000 ? refuse(403, 'ask a manager') : amend({ ...order, reviewed: true });
  }
  response.status(reply.status).set(reply.headers).send(reply.body);
});
app.use(express.json());

const answerError: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(isActionsError(error) ? error.status : 500).end();
};
app.use(answerError);

const server = app.listen(port, '127.0.0.1', async () => {
  await desk.placeOrders();
  server.close();
});
// #endregion endpoint
