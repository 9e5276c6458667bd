import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { createActions, memoryEventStore } from '../../../src/index.js';
import * as kurrentdb from '../../../src/stores/kurrentDB/index.js';
import { startDouble } from '../../eventstoredb/double/startDouble.js';
import { call } from '../../package/publicInputs/call.js';
import type { Scene } from '../../package/publicInputs/row.js';
import { tryPublicFunctions } from '../../package/publicInputs/tryPublicFunctions.js';
import { closeAfterTest } from '../../support/closings.js';
import { event, record, request } from './scene.js';

const { signal } = new AbortController();

async function openKurrentDB(): Promise<Scene> {
  const double = await startDouble({ appendsTogether: true });
  const client = KurrentDBClient.connectionString(double.connectionString.replace(/^esdb/, 'kurrentdb'));
  closeAfterTest(async () => {
    await client.dispose();
    await double.close();
  });
  const actions = await createActions({ eventStore: memoryEventStore(), keyring: 'plaintext' });
  closeAfterTest(() => actions.close());
  const store = kurrentdb.fromKurrentDB(client);
  closeAfterTest(() => store.close());
  const guarded = kurrentdb.interceptKurrentDB(client, actions);
  const clock = { now: Date.now, elapsed: () => performance.now(), after: () => () => undefined };
  const stored = {
    id: '0f3f3f3f-3f3f-4f3f-8f3f-3f3f3f3f3f3f',
    type: 'a',
    data: { a: 1 },
    metadata: { b: 1 },
  };
  return {
    rows: {
      interceptKurrentDB: call(kurrentdb.interceptKurrentDB, [client, actions, { checkFirst: true, clock }], {
        whole: [[0], [1], [2, 'clock']],
        lenient: [[0]],
      }),
      'interceptKurrentDB(client).appendToStream': call(
        guarded.appendToStream,
        ['order-1', [event(1)], { streamState: 'any' }],
        { open: [[1, 0], [2]], lenient: [[0], [1]], isForeign: true },
      ),
      'interceptKurrentDB(client).multiStreamAppend': call(
        guarded.multiStreamAppend,
        [[request('order-1', [1])]],
        { open: [[0, 0]], lenient: [[0]], isForeign: true },
      ),
      'interceptKurrentDB(client).appendRecords': call(guarded.appendRecords, [[record('order-1', 1)], []], {
        open: [[0, 0], [1]],
        lenient: [[0], [1]],
        isForeign: true,
      }),
      fromKurrentDB: call(
        kurrentdb.fromKurrentDB,
        [
          client,
          { requiresLeader: false, deadlineMs: 1_000, maxSearchWindow: 32, clock, generateID: () => 'a' },
        ],
        { whole: [[0], [1, 'clock']], lenient: [[0]] },
      ),
      'store.append': call(store.append, ['order-1', [stored], { expectedVersion: 'any', signal }], {
        open: [[1, 0]],
      }),
      'store.readStream': call(store.readStream, [
        'order-1',
        { from: 0n, direction: 'backwards', limit: 1, signal },
      ]),
      'store.subscribe': call(store.subscribe, [{ after: 0n, prefixes: ['order-'], signal }]),
      'store.head': call(store.head, []),
    },
    // As of EventStoreDB, whose functions are the same.
    made: {},
    effects: () => Promise.resolve(0),
  };
}

tryPublicFunctions('./kurrentdb', openKurrentDB);
