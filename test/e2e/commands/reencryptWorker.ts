/**
 * Re-encrypts the targets of a SQLite file, and stops after some of them, so that the test can kill it there.
 * `reencryptWorker.ts <path> <keyring as JSON> <how many>`
 */
import { writeSync } from 'node:fs';
import { createActions, createKeyring, type KeyringOptions } from '../../../src/index.js';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';

const [path = '', keyring = '', enough = ''] = process.argv.slice(2);
const actions = await createActions({
  eventStore: sqliteEventStore({ path }),
  keyring: createKeyring(JSON.parse(keyring) as KeyringOptions),
});
await actions.reencrypt({
  onProgress({ done }) {
    if (done < Number(enough)) return;
    writeSync(1, 'enough\n');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  },
});
