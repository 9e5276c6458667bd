import type { EventStoreDBClient } from '@eventstore/db-client';
import { randomUUID } from 'node:crypto';
import type { InterceptClientOptions } from '../../../../src/stores/eventStoreDB/index.js';
import type { EventStoreDouble } from '../../../eventstoredb/double/eventStoreDouble.js';
import { startDouble } from '../../../eventstoredb/double/startDouble.js';
import { closeAfterTest } from '../../../support/closings.js';
import { openActions, type OpenedActions } from '../../../support/openActions.js';
import { connect, intercept, jsonEvent } from '../clientUnderTest.js';

interface Scene extends OpenedActions {
  readonly double: EventStoreDouble;
  readonly client: EventStoreDBClient;
  readonly guardedClient: EventStoreDBClient;
  /** Data of the events of a stream, as the server has them. */
  stored(stream: string): readonly unknown[];
}

/** A double, a client on it, and the same client with the hook. */
export async function open(query = '', options?: InterceptClientOptions): Promise<Scene> {
  const double = await startDouble();
  closeAfterTest(() => double.close());
  const client = connect(`${double.connectionString}${query}`);
  closeAfterTest(() => client.dispose());
  const opened = await openActions();
  return {
    ...opened,
    double,
    client,
    guardedClient: intercept(client, opened.actions, options),
    stored: (stream) =>
      double
        .stored()
        .filter((event) => event.stream === stream)
        .map(({ data }) => JSON.parse(Buffer.from(data).toString()) as unknown),
  };
}

export const placed = { event: { event: 'order.placed' } } as const;
export const orderPlaced = (data: Record<string, number> = { total: 5 }, id: string = randomUUID()) =>
  jsonEvent({ id, type: 'order.placed', data });
export const bodies = (server: { received: readonly { body: string }[] }) =>
  server.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
export const refuse = {
  body: JSON.stringify({ forwardedStatusCode: 403, forwardedErrorMessage: 'not yours' }),
};
