import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createActions,
  isActionsError,
  TargetInterruptedError,
  type Actions,
  type EventStore,
} from 'eventstore-actions';
import { interceptClient } from 'eventstore-actions/eventstoredb';
import { createReceiver, refuse } from 'eventstore-actions/receiver';
import { sqliteEventStore } from 'eventstore-actions/sqlite';

/** Appends through a target that refuses, and returns the error of the append. */
export async function veto(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'veto-'));
  const eventStore: EventStore = sqliteEventStore({ path: join(folder, 'events.db') });
  const actions: Actions = await createActions({
    eventStore,
    keyring: 'plaintext',
    network: { allow: ['127.0.0.1/32'] },
  });
  let signingKey = '';
  const endpoint = createServer((request, response) => {
    createReceiver({ signingKeys: [signingKey] })
      .read({ headers: request.headers, body: request })
      .then(() => {
        const reply = refuse(403, 'not today');
        response.writeHead(reply.status, reply.headers).end(reply.body);
      })
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = endpoint.address() as AddressInfo;
    const target = await actions.targets.add({
      name: 'policy',
      type: 'webhook',
      endpoint: `http://127.0.0.1:${port}/`,
      interruptOnError: true,
    });
    signingKey = target.signingKey;
    await actions.executions.set({ event: { group: 'order' } }, [target.id]);
    await actions.intercept(eventStore).append('order-1', [{ type: 'order.placed', data: { total: 1 } }]);
    return 'stored';
  } catch (error) {
    if (!isActionsError(error, 'TARGET_INTERRUPTED') || !(error instanceof TargetInterruptedError))
      throw error;
    return `${error.status} ${error.code} ${typeof interceptClient}`;
  } finally {
    endpoint.close();
    await actions.close();
    await eventStore.close?.();
    rmSync(folder, { recursive: true });
  }
}
