import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createActions, type Actions, type EventStore } from '../../../src/index.js';
import { sqliteDeliveryStore, sqliteEventStore } from '../../../src/stores/sqlite/index.js';

/** 1 kB of JSON. */
export const data = {
  customer: 'c-1',
  lines: Array.from({ length: 10 }, (_, n) => ({ product: `p-${n}`, quantity: n, note: 'x'.repeat(60) })),
};

export interface Places {
  readonly folder: string;
  readonly events: EventStore;
  readonly progress: ReturnType<typeof sqliteDeliveryStore>;
  readonly actions: Actions;
}

/** Files of events and progress, in `folder` if it is given, and actions whose calls may go to `port`. */
export async function openPlaces(folder: string, port: number): Promise<Places> {
  const events = sqliteEventStore({ path: join(folder, 'events.db'), synchronous: 'NORMAL' });
  const progress = sqliteDeliveryStore({ path: join(folder, 'deliveries.db') });
  const actions = await createActions({
    eventStore: events,
    keyring: 'plaintext',
    network: { allow: [`127.0.0.1:${port}`] },
    limits: { socketsPerHost: 128 },
  });
  return { folder, events, progress, actions };
}

export async function closePlaces({ events, progress, actions }: Places): Promise<void> {
  await actions.close();
  await progress.close();
  await events.close?.();
}

export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-deliveries-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A durable target for all orders. */
export async function addTarget(
  { actions }: Pick<Places, 'actions'>,
  port: number,
  paths: readonly string[],
  timeoutMs = 10_000,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const path of paths) {
    const endpoint = `http://127.0.0.1:${port}/${path}`;
    const { id } = await actions.targets.add({
      name: path,
      type: 'async',
      delivery: 'durable',
      endpoint,
      timeoutMs,
    });
    ids.push(id);
  }
  await actions.executions.set({ event: { group: 'order' } }, ids);
  return ids;
}

/** Appends `count` events, one after another to each of the streams, many at once. */
export async function appendOrders(events: EventStore, count: number, streams: number): Promise<void> {
  for (let first = 0; first < count; first += streams)
    await Promise.all(
      Array.from({ length: Math.min(streams, count - first) }, (_, place) =>
        events.append(`order-${place}`, [{ type: 'order.placed', data }]),
      ),
    );
}

/** Polls until `isSo` holds, for a limited time. */
export async function until(
  what: string,
  seconds: number,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
