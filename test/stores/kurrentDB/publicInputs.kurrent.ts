import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { createActions, memoryEventStore } from '../../../src/index.js';
import * as kurrentdb from '../../../src/stores/kurrentDB/index.js';
import { startDouble } from '../../eventstoredb/double/startDouble.js';
import { call } from '../../package/publicInputs/call.js';
import type { Scene } from '../../package/publicInputs/row.js';
import { fromClientRow, interceptRow, storeRows } from '../../package/publicInputs/tables/storeRows.js';
import { tryPublicFunctions } from '../../package/publicInputs/tryPublicFunctions.js';
import { closeAfterTest } from '../../support/closings.js';
import { event, record, request } from './scene.js';

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
  return {
    rows: {
      interceptKurrentDB: interceptRow(kurrentdb.interceptKurrentDB, client, actions),
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
      fromKurrentDB: fromClientRow(kurrentdb.fromKurrentDB, client),
      ...storeRows(store),
    },
    // As for EventStoreDB, whose functions are the same.
    made: {},
    effects: () => Promise.resolve(0),
  };
}

tryPublicFunctions('./kurrentdb', openKurrentDB);
