import type { EventStore } from '../../../src/ports.js';
import type { StoreUnderTest } from '../../../src/testing/contract/harness.js';
import { connect, storeOn } from '../../stores/eventStoreDB/clientUnderTest.js';

/** A store on a client of its own. Its streams are deleted at the end: the server may hold other data. */
export function openStore(connectionString: string): StoreUnderTest {
  const client = connect(connectionString);
  const streams = new Set<string>();
  const openHandle = (): EventStore => {
    const store = storeOn(client);
    return {
      ...store,
      append: (stream, events, options) => {
        streams.add(stream);
        return store.append(stream, events, options);
      },
    };
  };
  return {
    store: openHandle(),
    another: openHandle,
    async cleanUp() {
      for (const stream of streams) await client.deleteStream(stream).catch(() => undefined);
      await client.dispose();
    },
  };
}
