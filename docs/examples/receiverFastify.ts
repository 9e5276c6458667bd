/** An endpoint in Fastify 5, and an application that calls it. */
// #region endpoint
import fastify from 'fastify';
import { allow, amend, createReceiver, isActionsError, refuse } from 'eventstore-actions/receiver';
import { openOrderDesk } from './receiver/orderDesk.js';

const port = Number(process.env['PORT'] ?? 4000);
const desk = await openOrderDesk(`http://127.0.0.1:${port}/orders`);
const { signingKey } = desk;

interface Order {
  readonly total: number;
}

const receiver = createReceiver({ signingKeys: [signingKey] });
const app = fastify({ bodyLimit: 4_194_304 });

// A separate scope: the other routes of the application keep their JSON parser.
await app.register(async (hooks) => {
  hooks.removeAllContentTypeParsers();
  hooks.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => body);

  hooks.post('/orders', async (request, response) => {
    const call = await receiver.read<Order>({ headers: request.headers, body: request.body as Buffer });
    let reply = allow();
    if (call.kind === 'event') {
      const order = call.payload.event_payload;
      reply = order.total > 1_000 ? refuse(403, 'ask a manager') : amend({ ...order, reviewed: true });
    }
    return response.code(reply.status).headers(reply.headers).send(reply.body);
  });

  hooks.setErrorHandler((error, _request, response) =>
    response.code(isActionsError(error) ? error.status : 500).send(),
  );
});

await app.listen({ port, host: '127.0.0.1' });
await desk.placeOrders();
await app.close();
// #endregion endpoint
