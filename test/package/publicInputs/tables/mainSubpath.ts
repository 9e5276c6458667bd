import type { Scene } from '../row.js';
import { commandsRows } from './main/commands.js';
import { deliveriesRows } from './main/deliveries.js';
import { facesRows } from './main/faces.js';
import { makeAll } from './main/made.js';
import { operationsRows } from './main/operations.js';
import { storesRows } from './main/stores.js';

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
