// #region open
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createActions, createDeliveries, memoryDeliveryStore, memoryEventStore } from 'eventstore-actions';
import { createConsole } from 'eventstore-actions/console';

const eventStore = memoryEventStore();
const actions = await createActions({
  eventStore,
  keyring: 'plaintext',
  // Allow endpoints on this machine, for a trial: by default only public addresses are allowed.
  network: { allow: ['127.0.0.1/32'] },
});
const deliveries = createDeliveries({ actions, store: memoryDeliveryStore() });

const digest = (text: string) => createHash('sha256').update(text).digest();
const operator = digest(process.env['OPERATOR_TOKEN'] ?? 'a token for this example');

const page = createConsole(actions, {
  basePath: '/console',
  deliveries,
  authenticate: (headers) => {
    const token = (headers.get('authorization') ?? '').replace('Bearer ', '');
    if (!timingSafeEqual(digest(token), operator)) return undefined;
    return {
      permissions: [
        'action.target.read',
        'action.target.write',
        'action.target.delete',
        'action.execution.read',
        'action.execution.write',
      ],
      userID: 'operator',
    };
  },
});
// #endregion open

// #region node
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  page(request, response, () => {
    // All other paths belong to your application.
    response.writeHead(404).end();
  });
});
// #endregion node

// #region express
import express from 'express';

const app = express();
app.use(page);
// Register body parsers after it.
app.use(express.json());
// #endregion express

// #region fastify
import fastify from 'fastify';

const service = fastify();
await service.register(async (part) => {
  part.removeAllContentTypeParsers();
  // The console itself reads the bodies of its requests.
  part.addContentTypeParser('*', (_request, _body, done) => {
    done(null);
  });
  for (const path of ['/console', '/console/*'])
    part.all(path, (request, reply) => {
      reply.hijack();
      page(request.raw, reply.raw);
    });
});
// #endregion fastify

// #region show
const endpoint = createServer((_request, response) => response.end('{}'));
await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
const crm = await actions.targets.add({
  name: 'crm',
  type: 'requestResponse',
  endpoint: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/orders`,
});
await actions.executions.set({ event: { group: 'order' } }, [crm.id]);
await actions.intercept(eventStore).append('order-1', [{ type: 'order.placed', data: { total: 250 } }]);
// #endregion show

// #region ask
async function whoCalls(port: number): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}/console/api/explain`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer a token for this example',
      'content-type': 'application/json',
      'x-actions-console': '1',
    },
    body: JSON.stringify({ kind: 'event', name: 'order.placed' }),
  });
  const { candidates } = (await answer.json()) as { readonly candidates: readonly string[] };
  return candidates;
}

const port = Number(process.env['CONSOLE_PORT'] ?? 0);
await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
const listening = app.listen(0, '127.0.0.1');
await service.listen({ port: 0, host: '127.0.0.1' });
if (!listening.listening) await once(listening, 'listening');
for (const each of [server, listening, service.server])
  console.log(await whoCalls((each.address() as AddressInfo).port));
// #endregion ask

// #region stay
if (port > 0) {
  console.log(`http://127.0.0.1:${port}/console/, until Ctrl-C`);
  await once(process, 'SIGINT');
}
// #endregion stay

// #region close
await page.close();
server.close();
server.closeAllConnections();
listening.close();
endpoint.close();
await service.close();
await actions.close();
// #endregion close
