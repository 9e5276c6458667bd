import type { AppendRecordInput, AppendStreamRequest, KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { EventStoreDouble } from '../../eventstoredb/double/eventStoreDouble.js';
import { startDouble } from '../../eventstoredb/double/startDouble.js';
import { closeAfterTest } from '../../support/closings.js';
import { openActions, type OpenedActions } from '../../support/openActions.js';
import { connect, intercept } from '../eventStoreDB/clientUnderTest.js';
import { orderPlaced } from '../eventStoreDB/interceptClient/scene.js';
import type { ManualClock } from '../../support/manualClock.js';

interface Scene extends Omit<OpenedActions, 'guarded'> {
  readonly double: EventStoreDouble;
  readonly client: KurrentDBClient;
  readonly guardedClient: KurrentDBClient;
  /** The events of the server, as `stream data` in the order of its log. */
  stored(): readonly string[];
}

/** A double, a client on it, and the same client with the hook. */
export async function open(options: { appendsTogether?: boolean; clock?: ManualClock } = {}): Promise<Scene> {
  const { appendsTogether = true, clock } = options;
  const double = await startDouble({ appendsTogether });
  closeAfterTest(() => double.close());
  const client = connect(double.connectionString);
  closeAfterTest(() => client.dispose());
  const opened = await openActions();
  return {
    ...opened,
    double,
    client: client as unknown as KurrentDBClient,
    guardedClient: intercept(client, opened.actions, clock && { clock }) as unknown as KurrentDBClient,
    stored: () =>
      double
        .stored()
        .filter(({ stream }) => !stream.startsWith('$'))
        .map(({ stream, data }) => `${stream} ${Buffer.from(data).toString()}`),
  };
}

export const event = (n: number) => orderPlaced({ n }) as never;
export const request = (
  streamName: string,
  numbers: readonly number[],
  expectedState: AppendStreamRequest['expectedState'] = 'any',
): AppendStreamRequest => ({ streamName, events: numbers.map(event), expectedState });
export const record = (streamName: string, n: number): AppendRecordInput => ({
  streamName,
  record: event(n),
});
export const check = (streamName: string, expectedState: AppendStreamRequest['expectedState']) =>
  ({ type: 'stream_state', streamName, expectedState }) as const;
