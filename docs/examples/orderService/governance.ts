/** The endpoint that governs the order services of the guides: requests, responses and events. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isActionsError, type Actions } from 'eventstore-actions';
import { allow, amend, createReceiver, refuse, type Reply } from 'eventstore-actions/receiver';

const governedMethod = '/orders.v1.OrderService/PlaceOrder';

function judge(kind: string, payload: Record<string, object>): Reply {
  if (kind === 'response') return amend({ ...payload['response'], message: 'thank you' });
  if (kind === 'event') return amend({ ...payload['event_payload'], checked: true });
  const { quantity } = payload['request'] as { readonly quantity: number };
  return quantity > 100 ? refuse(403, 'at most 100 at once') : allow();
}

/** Starts it, adds it as a target and hooks it into the order service. */
export async function govern(actions: Actions): Promise<{ close(): Promise<void> }> {
  let listener: RequestListener = () => undefined;
  const server = createServer((request, response) => {
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { id, signingKey } = await actions.targets.add({
    name: 'governance',
    type: 'requestResponse',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    interruptOnError: true,
  });
  const receiver = createReceiver({ signingKeys: [signingKey] });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    try {
      const call = await receiver.read({ headers: request.headers, body: request });
      const reply = judge(call.kind, call.payload as unknown as Record<string, object>);
      response.writeHead(reply.status, reply.headers).end(reply.body);
    } catch (error) {
      response.writeHead(isActionsError(error) ? error.status : 500).end();
    }
  };
  listener = (request, response) => void answer(request, response);
  await actions.executions.set({ request: { method: governedMethod } }, [id]);
  await actions.executions.set({ response: { method: governedMethod } }, [id]);
  await actions.executions.set({ event: { group: 'order' } }, [id]);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
