import { randomUUID } from 'node:crypto';
import { startDouble } from '../double/startDouble.js';
import { openStore } from './openStore.js';
import type { OpenedStore } from '../../support/onlyStoreKind.js';
import { isKurrentDB, serverURL, serverVariable } from '../../stores/eventStoreDB/clientUnderTest.js';
import { ownStreams } from './ownStreams.js';

const url = serverURL;

/** The double, and a real server where EVENTSTOREDB_URL or KURRENTDB_URL names one. */
export const remoteStoreKinds: readonly string[] = [
  isKurrentDB ? 'KurrentDB client on the double' : 'EventStoreDB double',
  ...(url === undefined ? [] : [serverVariable]),
];

/** A store on a server that shows a test only its own streams. */
export async function openRemoteStore(kind: string): Promise<OpenedStore> {
  if (kind === serverVariable && url !== undefined) {
    const { store, cleanUp } = openStore(url);
    return { store: ownStreams(store, `test.${randomUUID().slice(0, 8)}-`), close: async () => cleanUp?.() };
  }
  const double = await startDouble();
  const { store, cleanUp } = openStore(double.connectionString);
  return {
    store,
    async close() {
      await cleanUp?.();
      await double.close();
    },
  };
}
