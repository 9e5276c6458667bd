import { EventStoreDBClient, jsonEvent, type EventData } from '@eventstore/db-client';
import { fromEventStoreDB } from '../../../../src/stores/eventStoreDB/index.js';
import { startDouble } from '../../../eventstoredb/double/startDouble.js';

/**
 * Run as a process of its own: `crashProgram.ts <bare | port> <scenario>`. Does a step that ends the process with
 * the client alone, then appends once more, and prints both results.
 */
const [how, scenario] = process.argv.slice(2);
const double = await startDouble({ secondAnswerAfter: 20 });
const client = EventStoreDBClient.connectionString(double.connectionString);
const store = fromEventStoreDB(client);

const sendBare = (event: EventData) => client.appendToStream('order-1', event);
const sendThroughPort = ({ id, type, data }: EventData) =>
  store.append('order-1', [{ id, type, data: data as never }]);
const send = how === 'bare' ? sendBare : sendThroughPort;

const cycle: Record<string, unknown> = {};
cycle['itself'] = cycle;

const scenarios: Readonly<Record<string, () => Promise<unknown>>> = {
  'a bigint in the data': () => send(jsonEvent({ type: 'placed', data: { total: 5n } as never })),
  'a cycle in the data': () => send(jsonEvent({ type: 'placed', data: cycle as never })),
  'no data': () => send(jsonEvent({ type: 'placed', data: undefined as never })),
  'an empty type': () => send(jsonEvent({ type: '', data: {} })),
  'an id that is no UUID': () => send(jsonEvent({ id: 'order-1-placed', type: 'placed', data: {} })),
  'a late reply': () => {
    double.faults.nextAppends({ commit: true, then: 'late-answer' });
    return send(jsonEvent({ type: 'placed', data: {} }));
  },
};

const answer = await Promise.race([
  (scenarios[scenario ?? ''] ?? (() => Promise.reject(new Error('no such scenario'))))().then(
    () => 'appended',
    (error: unknown) => (error as { code?: string }).code ?? (error as Error).name,
  ),
  // On a busy machine the first call of a client takes seconds.
  new Promise((resolve) => setTimeout(resolve, 30_000, 'no answer').unref()),
]);
// Long enough for the second answer to arrive, which ends the process without the guard.
await new Promise((resolve) => setTimeout(resolve, 200));
const next = await store.append('order-2', [{ type: 'placed', data: {} }]);
process.stdout.write(JSON.stringify({ answer, next: String(next.version) }));
await client.dispose();
await double.close();
