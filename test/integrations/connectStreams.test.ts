import { Code } from '@connectrpc/connect';
import { expect } from 'chai';
import type { Condition, EventStore } from '../../src/index.js';
import { bodies, json, refusal } from '../support/answers.js';
import { openActions, rejection } from '../support/openActions.js';
import { openConnect, protocols } from './connectServer.js';
import type { OrderHandlers, Reply } from './orderService.js';

const watching = { type: 'webhook', interruptOnError: true } as const;
const asked = { type: 'requestResponse', interruptOnError: true } as const;
const named = (kind: 'request' | 'response', method: string): Condition =>
  ({ [kind]: { method: `/orders.v1.OrderService/${method}` } }) as unknown as Condition;

function streaming(guarded: EventStore, seen: string[]): OrderHandlers {
  const place = (quantity: number) =>
    guarded.append(`order-${quantity}`, [{ type: 'order.placed', data: { quantity } }]);
  return {
    async placeOrders(orders) {
      seen.push('started');
      let total = 0;
      for await (const { quantity } of orders) {
        seen.push(`read ${quantity}`);
        await place(quantity);
        total += quantity;
      }
      return { quantity: total };
    },
    async *watchOrder({ quantity }) {
      seen.push('started');
      for (let count = 1; count <= quantity; count++) {
        await place(count);
        yield { quantity: count };
      }
    },
    async *negotiate(orders) {
      seen.push('started');
      try {
        for await (const { quantity } of orders) {
          seen.push(`read ${quantity}`);
          await place(quantity);
          yield { quantity: quantity * 10 };
        }
      } catch {
        // A handler that carries on after a refusal does not change it.
        seen.push('refused');
        yield { quantity: -1 };
      }
    },
  };
}

async function* orders(quantities: readonly number[]) {
  for (const quantity of quantities) yield { quantity };
}

async function all(replies: AsyncIterable<Reply>): Promise<(number | undefined)[]> {
  const read: (number | undefined)[] = [];
  for await (const { quantity } of replies) read.push(quantity);
  return read;
}

/** Adds one to each number, and answers the first one last. */
const addOne = (kind: 'request' | 'response') => ({
  ...asked,
  script: ({ body }: { readonly body: string }) => {
    const { quantity } = (JSON.parse(body) as Record<string, { quantity: number }>)[kind] ?? { quantity: 0 };
    return { ...json({ quantity: quantity + 1 }), delayMs: quantity === 1 ? 30 : 0 };
  },
});

for (const protocol of protocols)
  describe(`the guard of streams of Connect over ${protocol}`, () => {
    const open = async () => {
      const opened = await openActions();
      const seen: string[] = [];
      const client = await openConnect(opened.actions, streaming(opened.guarded, seen), protocol);
      return { ...opened, seen, client };
    };

    it('judges every message that a client streams, and the response', async () => {
      const { call, client, seen } = await open();
      await call(named('request', 'PlaceOrders'), addOne('request'));
      const [response] = await call(named('response', 'PlaceOrders'), addOne('response'));
      expect((await client.placeOrders(orders([1, 2, 3]))).quantity).to.equal(10);
      expect(seen).to.deep.equal(['started', 'read 2', 'read 3', 'read 4']);
      expect(response && bodies(response.server)[0]).to.deep.include({
        request: { quantity: 4 },
        response: { quantity: 9 },
      });
    });

    it('starts the handler at once, whose first read waits for the verdict', async () => {
      const { call, client, seen } = await open();
      let answer: (() => void) | undefined;
      const [target] = await call(named('request', 'PlaceOrders'), {
        ...watching,
        script: () =>
          new Promise((resolve) => {
            answer = () => {
              resolve({});
            };
          }),
      });
      const placed = client.placeOrders(orders([7]));
      await target?.server.whenReceived(1);
      expect(seen).to.deep.equal(['started']);
      answer?.();
      expect((await placed).quantity).to.equal(7);
    });

    it('judges every message that a server streams', async () => {
      const { call, client } = await open();
      await call(named('request', 'WatchOrder'), { ...asked, script: json({ quantity: 3 }) });
      const [response] = await call(named('response', 'WatchOrder'), addOne('response'));
      expect(await all(client.watchOrder({ quantity: 9 }))).to.deep.equal([2, 3, 4]);
      expect(response && bodies(response.server).map(({ request }) => request)).to.deep.equal(
        Array.from({ length: 3 }, () => ({ quantity: 3 })),
      );
    });

    it('ends a stream at the refused message', async () => {
      const { call, client, seen, read } = await open();
      await call(named('request', 'PlaceOrders'), {
        ...watching,
        script: ({ body }) => (body.includes('"quantity":2') ? refusal(403, 'not two') : {}),
      });
      await call(named('response', 'WatchOrder'), {
        ...watching,
        script: ({ body }) => (body.includes('"response":{"quantity":2}') ? refusal(409, 'enough') : {}),
      });
      const refused = await rejection(client.placeOrders(orders([1, 2, 3])));
      expect(refused).to.include({ code: Code.PermissionDenied, rawMessage: 'not two' });
      expect(seen).to.deep.equal(['started', 'read 1']);
      expect(await read('order-3')).to.deep.equal([]);
      const received: unknown[] = [];
      const watching1 = (async () => {
        for await (const { quantity } of client.watchOrder({ quantity: 5 })) received.push(quantity);
      })();
      expect(await rejection(watching1)).to.include({ code: Code.AlreadyExists, rawMessage: 'enough' });
      expect(received).to.deep.equal([1]);
    });

    it('judges incoming and outgoing messages when both sides stream', async () => {
      const { call, client, seen } = await open();
      await call(named('request', 'Negotiate'), addOne('request'));
      await call(named('response', 'Negotiate'), addOne('response'));
      expect(await all(client.negotiate(orders([1, 2, 3])))).to.deep.equal([21, 31, 41]);
      expect(seen).to.deep.equal(['started', 'read 2', 'read 3', 'read 4']);
    });

    it('ends the call at a refusal, also when the handler catches the error', async () => {
      const { call, client, seen } = await open();
      await call(named('request', 'Negotiate'), {
        ...watching,
        script: ({ body }) => (body.includes('"quantity":2') ? refusal(429, 'slow down') : {}),
      });
      const received: unknown[] = [];
      const negotiating = (async () => {
        for await (const { quantity } of client.negotiate(orders([1, 2, 3]))) received.push(quantity);
      })();
      expect(await rejection(negotiating)).to.include({
        code: Code.ResourceExhausted,
        rawMessage: 'slow down',
      });
      expect(received).to.deep.equal([10]);
      expect(seen).to.deep.equal(['started', 'read 1', 'refused']);
    });

    it('keeps the context of the caller at every step, and never mixes', async () => {
      const { call, client } = await open();
      const [event] = await call({ event: { all: true } }, { ...watching, script: { delayMs: 1 } });
      const users = Array.from({ length: 20 }, (_, place) => place);
      const as = (user: string) => ({ headers: { 'x-user': user } });
      await Promise.all(
        users.flatMap((user) => [
          client.placeOrders(orders([1000 + user, 2000 + user]), as(`client-${user}`)),
          all(client.watchOrder({ quantity: 2 }, as(`server-${user}`))),
          all(client.negotiate(orders([3000 + user, 4000 + user]), as(`both-${user}`))),
        ]),
      );
      const seen = event
        ? bodies(event.server).map((body) => [
            body['userID'],
            (body['event_payload'] as { quantity: number }).quantity,
          ])
        : [];
      expect(seen).to.have.deep.members(
        users.flatMap((user) => [
          [`client-${user}`, 1000 + user],
          [`client-${user}`, 2000 + user],
          [`server-${user}`, 1],
          [`server-${user}`, 2],
          [`both-${user}`, 3000 + user],
          [`both-${user}`, 4000 + user],
        ]),
      );
    });
  });
