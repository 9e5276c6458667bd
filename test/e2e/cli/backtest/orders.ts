import { openStore } from '../../../../src/cli/session/openStore.js';
import type { EventData, EventStore } from '../../../../src/index.js';
import { closeAfterTest } from '../../../support/closings.js';
import { targetServer, type ReceivedCall, type ScriptedAnswer } from '../../../support/targetServer.js';
import { runHere } from '../runHere.js';
import type { Place } from '../stores.js';

/** A header value that no report may show. */
export const secret = 'hunter2-hunter2-hunter2';

interface Body {
  readonly event_type: string;
  readonly event_payload: { readonly total: number };
  readonly phase: string;
  readonly stream: string;
  readonly sequence: number;
}

export const bodyOf = ({ body }: ReceivedCall): Body => JSON.parse(body) as Body;

/** Refuses large orders with a message that repeats its secret, fails at some orders, and approves the others. */
export function policy(call: ReceivedCall): ScriptedAnswer {
  const { total } = bodyOf(call).event_payload;
  const answer = (body: object) => ({ body: JSON.stringify(body) });
  if (total >= 90)
    return answer({
      forwardedStatusCode: 403,
      forwardedErrorMessage: `<script>alert(1)</script> ]]> ${secret}`,
    });
  if (total % 10 === 7) return { status: 500 };
  return total % 2 === 0 ? answer({ total, approvedBy: 'policy' }) : {};
}

/** Opens the store of a place as a service would. */
export async function withStore<Result>(
  { env }: Place,
  use: (store: EventStore) => Promise<Result>,
): Promise<Result> {
  const { store, close } = await openStore(env['EVENTSTORE_ACTIONS_STORE'], true);
  return use(store).finally(close);
}

export const hostileType = 'order.<script>alert(1)</script>]]>';

/** Four streams of orders, and as many events that no target is called for. */
export async function appendOrders(place: Place, count: number): Promise<void> {
  const event = (total: number): EventData => ({
    type: total % 25 === 0 ? hostileType : 'order.placed',
    data: { total, note: 'private-note' },
  });
  await withStore(place, async (store) => {
    for (let stream = 0; stream < 4; stream++) {
      const totals = Array.from({ length: count / 4 }, (_, index) => (index * 4 + stream) % 100);
      await store.append(`order-${stream}`, totals.map(event));
      await store.append(`customer-${stream}`, [{ type: 'customer.registered', data: {} }]);
    }
  });
}

/** An endpoint, its target, and the execution that calls it for orders. */
export async function servePolicy({ env }: Place) {
  const server = await targetServer(policy);
  closeAfterTest(() => server.close());
  const add = [
    'targets',
    'add',
    '--name',
    'order policy',
    '--type',
    'requestResponse',
    '--interrupt-on-error',
  ];
  const added = await runHere(
    [...add, '--endpoint', server.url('/orders'), '--header', `x-token: ${secret}`, '--json'],
    env,
  );
  await runHere(['executions', 'set', 'event/order.*', 'order policy'], env);
  const { signingKey } = JSON.parse(added.stdout) as { signingKey: string };
  return { server, signingKey };
}

/** The counts that the endpoint keeps of its own answers. */
export function countedBy(received: readonly ReceivedCall[]) {
  const said = received.map((call) => policy(call));
  const isRefusal = ({ body }: ScriptedAnswer) => typeof body === 'string' && body.includes('forwarded');
  return {
    total: said.length,
    refused: said.filter(isRefusal).length,
    failed: said.filter(({ status }) => status === 500).length,
    amended: said.filter((answer) => answer.body !== undefined && !isRefusal(answer)).length,
    passed: said.filter(({ body, status }) => body === undefined && status === undefined).length,
  };
}
