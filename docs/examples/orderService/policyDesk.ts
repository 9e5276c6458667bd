import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { isActionsError } from 'eventstore-actions';
import { allow, amend, createReceiver, refuse, type Receiver } from 'eventstore-actions/receiver';

/** An endpoint of another party, which judges orders. */
export interface PolicyDesk {
  readonly endpoint: string;
  /** Verifies calls with this key from now on. */
  trust(signingKey: string): void;
  close(): Promise<void>;
}

interface Order {
  readonly total: number;
}

/** Refuses large orders, and marks the others as reviewed. */
export async function openPolicyDesk(): Promise<PolicyDesk> {
  let receiver: Receiver | undefined;
  const server = createServer(async (request, response) => {
    try {
      if (receiver === undefined) throw new Error('no signing key is known yet');
      const call = await receiver.read<Order>({ headers: request.headers, body: request });
      let reply = allow();
      if (call.kind === 'event' && call.payload.event_type === 'order.placed') {
        const order = call.payload.event_payload;
        reply = order.total > 1_000 ? refuse(403, 'ask a manager') : amend({ ...order, reviewed: true });
      }
      response.writeHead(reply.status, reply.headers).end(reply.body);
    } catch (error) {
      response.writeHead(isActionsError(error) ? error.status : 500).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: `http://127.0.0.1:${port}/orders`,
    trust(signingKey) {
      receiver = createReceiver({ signingKeys: [signingKey] });
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
