import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { expect } from 'chai';
import { json } from '../support/answers.js';
import { until } from '../support/conditions.js';
import { withDeadline } from '../support/deadlines.js';
import { openActions, rejection } from '../support/openActions.js';
import { openConnect, protocols, type Protocol } from './connectServer.js';
import { asked, named } from './grpcStreaming.js';
import type { Order, OrderHandlers, Reply } from './orderService.js';

type Kind = 'request' | 'response';

/** A server whose handler records its calls, and a target that never answers. */
async function openHeld(kind: Kind, protocol: Protocol) {
  const { actions, call } = await openActions();
  const [endpoint] = await call(named(kind, 'PlaceOrder'), { ...asked, script: 'never' });
  const seen: string[] = [];
  const handlers = {
    placeOrder: async ({ quantity }: Order, { signal }: HandlerContext): Promise<Reply> => {
      seen.push('called');
      signal.addEventListener('abort', () => seen.push('aborted'));
      return { quantity };
    },
  };
  const client = await openConnect(actions, handlers as OrderHandlers, protocol);
  return { client, server: endpoint!.server, seen };
}

for (const protocol of protocols)
  for (const kind of ['request', 'response'] as const)
    describe(`a call over ${protocol} whose ${kind} is being judged`, () => {
      const whatIsSeen = kind === 'request' ? [] : ['called', 'aborted'];

      it('ends with its client, and the call to the target with it', async () => {
        const { client, server, seen } = await openHeld(kind, protocol);
        const leaving = new AbortController();
        const placing = rejection(client.placeOrder({ quantity: 1 }, { signal: leaving.signal }));
        await server.whenReceived(1);
        leaving.abort();
        expect(ConnectError.from(await placing).code).to.equal(Code.Canceled);
        await server.whenIdle();
        expect(seen).to.deep.equal(whatIsSeen);
      });

      it('ends when its time is up, and the call to the target with it', async () => {
        await withDeadline(async (timeoutMs) => {
          const { client, server, seen } = await openHeld(kind, protocol);
          const error = await rejection(client.placeOrder({ quantity: 1 }, { timeoutMs }));
          expect(ConnectError.from(error).code).to.equal(Code.DeadlineExceeded);
          if (server.received.length === 0) return false;
          await server.whenIdle();
          await until(() => seen.length === whatIsSeen.length);
          expect(seen).to.deep.equal(whatIsSeen);
          return true;
        });
      });
    });

describe('an interceptor of Connect that calls next twice', () => {
  it('lets targets judge each run', async () => {
    const { actions, call } = await openActions();
    const [endpoint] = await call(named('request', 'PlaceOrder'), {
      ...asked,
      script: ({ body }) => json((JSON.parse(body) as { request: unknown }).request),
    });
    let runs = 0;
    const client = await openConnect(
      actions,
      {
        async placeOrder({ quantity }) {
          runs++;
          if (runs === 1) throw new ConnectError('not yet', Code.Unavailable);
          return { quantity };
        },
      },
      'Connect',
      [(next) => async (request) => next(request).catch(() => next(request))],
    );
    expect((await client.placeOrder({ quantity: 3 })).quantity).to.equal(3);
    expect(endpoint!.server.received).to.have.length(2);
  });
});
