import type {
  ClientDuplexStream,
  ClientReadableStream,
  ClientWritableStream,
  sendUnaryData,
  ServerDuplexStream,
  ServerReadableStream,
  ServerWritableStream,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Condition, EventStore } from '../../src/index.js';
import { openActions } from '../support/openActions.js';
import { metadataOf, openGrpc } from './grpcServer.js';

export interface Order {
  readonly quantity: number;
}
export interface Reply {
  readonly quantity: number;
}

export const watching = { type: 'webhook', interruptOnError: true } as const;
export const asked = { type: 'requestResponse', interruptOnError: true } as const;
export const named = (kind: 'request' | 'response', method: string): Condition =>
  ({ [kind]: { method: `/orders.v1.OrderService/${method}` } }) as unknown as Condition;

/** Handlers in each usual style: listeners, async iteration, and both. */
function streaming(guarded: EventStore, seen: string[]): UntypedServiceImplementation {
  const place = (quantity: number) =>
    guarded.append(`order-${quantity}`, [{ type: 'order.placed', data: { quantity } }]);
  return {
    PlaceOrders(call: ServerReadableStream<Order, Reply>, respond: sendUnaryData<Reply>) {
      seen.push('started');
      const placed: Promise<unknown>[] = [];
      let quantity = 0;
      call.on('cancelled', () => seen.push('cancelled'));
      call.on('data', (order: Order) => {
        seen.push(`read ${order.quantity}`);
        quantity += order.quantity;
        placed.push(place(order.quantity));
      });
      call.on('end', () => {
        void Promise.all(placed).then(
          () => {
            respond(null, { quantity });
          },
          (error: unknown) => {
            respond(error as Error);
          },
        );
      });
    },
    async WatchOrder(call: ServerWritableStream<Order, Reply>) {
      seen.push('started');
      call.on('cancelled', () => seen.push('cancelled'));
      for (let quantity = 1; quantity <= call.request.quantity; quantity++) {
        if (!call.write({ quantity })) await once(call, 'drain');
        await place(quantity);
      }
      call.end();
    },
    async Negotiate(call: ServerDuplexStream<Order, Reply>) {
      seen.push('started');
      try {
        // Without the option the stream would be destroyed after the last message, and the call have no status.
        for await (const { quantity } of call.iterator({ destroyOnReturn: false }) as AsyncIterable<Order>) {
          seen.push(`read ${quantity}`);
          await setImmediate();
          await place(quantity);
          call.write({ quantity: quantity * 10 });
        }
        call.end();
      } catch {
        seen.push('cut off');
      }
    },
  };
}

export const reads = (seen: readonly string[]) => seen.filter((step) => step.startsWith('read'));

export async function openStreams() {
  const opened = await openActions();
  const seen: string[] = [];
  const { client } = await openGrpc(opened.actions, streaming(opened.guarded, seen));
  const metadata = (user: string) => metadataOf({ 'x-user': user });
  return {
    ...opened,
    seen,
    placeAll: (quantities: readonly number[], user = 'ada') =>
      new Promise<Reply>((resolve, reject) => {
        const call = client['PlaceOrders']?.(metadata(user), (error: Error | null, reply: Reply) => {
          if (error) reject(error);
          else resolve(reply);
        }) as ClientWritableStream<Order>;
        for (const quantity of quantities) call.write({ quantity });
        call.end();
      }),
    async watch(quantity: number, user = 'ada') {
      const call = client['WatchOrder']?.({ quantity }, metadata(user)) as ClientReadableStream<Reply>;
      const read: number[] = [];
      for await (const reply of call as AsyncIterable<Reply>) read.push(reply.quantity);
      return read;
    },
    negotiate: (user = 'ada') => client['Negotiate']?.(metadata(user)) as ClientDuplexStream<Order, Reply>,
  };
}

export async function exchange(call: ClientDuplexStream<Order, Reply>, quantities: readonly number[]) {
  for (const quantity of quantities) call.write({ quantity });
  call.end();
  const read: number[] = [];
  for await (const reply of call as AsyncIterable<Reply>) read.push(reply.quantity);
  return read;
}
