import type { Scene } from '../row.js';
import { commandsRows } from './root/commands.js';
import { deliveriesRows } from './root/deliveries.js';
import { facesRows } from './root/faces.js';
import { makeAll } from './root/made.js';
import { operationsRows } from './root/operations.js';
import { storesRows } from './root/stores.js';

/** Every function of the package's face, and every one of the objects that it makes. */
export async function openRoot(): Promise<Scene> {
  const all = await makeAll();
  const { actions, deliveries, worker, keyring, store, effects } = all;
  const rows = {
    ...facesRows(all),
    ...storesRows(all),
    ...commandsRows(all),
    ...operationsRows(all),
    ...deliveriesRows(all),
  };
  return { rows, made: { actions, deliveries, worker, keyring, store }, effects };
}
