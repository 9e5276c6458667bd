import type { EventData } from '../../../../src/index.js';
import { closeAfterTest } from '../../../support/closings.js';
import { targetServer, type ReceivedCall, type ScriptedAnswer } from '../../../support/targetServer.js';
import { runHere } from '../runHere.js';
import { openPlace } from '../stores.js';
import { bodyOf, withStore } from './orders.js';

/** Asks for a manager above 900, adds the approver to the larger orders, and fails at some. */
function policy(call: ReceivedCall): ScriptedAnswer {
  const { total } = bodyOf(call).event_payload;
  const answer = (body: object) => ({ body: JSON.stringify(body) });
  if (total > 900) return answer({ forwardedStatusCode: 403, forwardedErrorMessage: 'ask a manager' });
  if (total % 250 === 0) return { status: 503 };
  return total > 500 ? answer({ total, approvedBy: 'policy' }) : {};
}

/** The situation of the guide: an observed target, and events that are older than it. */
export async function openGuide() {
  const place = await openPlace('SQLite');
  const { env } = place;
  const server = await targetServer(policy);
  closeAfterTest(() => server.close());
  const event = (type: string, total: number): EventData => ({ type, data: { total } });
  await withStore(place, async (store) => {
    for (let index = 0; index < 300; index++)
      await store.append(`order-${index}`, [
        event('order.placed', ((index * 37) % 100) * 10),
        ...(index % 10 === 0 ? [event('order.cancelled', 0)] : []),
      ]);
    await store.append('customer-1', [event('customer.registered', 0)]);
  });
  await runHere(
    [
      'targets',
      'add',
      '--name',
      'order policy',
      '--type',
      'requestResponse',
      '--interrupt-on-error',
      '--enforcement',
      'observe',
      '--endpoint',
      server.url('/orders'),
    ],
    env,
  );
  await runHere(['executions', 'set', 'event/order.*', 'order policy'], env);
  return { ...place, server };
}
