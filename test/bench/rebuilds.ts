import Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fold } from '../../src/decider.js';
import { createActions, type EventData } from '../../src/index.js';
import { sqliteEventStore } from '../../src/stores/sqlite/index.js';
import { parseTargetEvent, target, type TargetEvent } from '../../src/target/target.js';
import { measure, printRatio } from './rounds.js';
import { targetSettings } from '../support/targetSettings.js';

const ours = 60_000;
const foreign = 60_000;

const executionSet = (n: number): EventData => ({
  id: randomUUID(),
  type: 'execution.set',
  data: {
    targets: [
      { type: 'target', target: `t${n % 100}` },
      { type: 'target', target: `t${n % 77}` },
    ],
  },
  metadata: { instanceID: 'default', commandID: randomUUID(), schema: 1 },
});

const targetEvents: TargetEvent[] = [
  {
    type: 'target.added',
    data: { ...targetSettings, signingKeys: [] },
  },
  ...Array.from({ length: 999 }, (_, n): TargetEvent => ({ type: 'target.changed', data: { timeoutMs: n } })),
];

export async function benchRebuilds(rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const path = join(folder, 'events.db');
  const store = sqliteEventStore({ path, synchronous: 'NORMAL' });
  try {
    for (let n = 0; n < ours; n += 20)
      await store.append(
        `actions.execution-default.event/e${n % 5_000}`,
        Array.from({ length: 20 }, (_, k) => executionSet(n + k)),
      );
    for (let n = 0; n < foreign; n += 1_000)
      await store.append(
        'order-1',
        Array.from({ length: 1_000 }, () => ({ type: 'order.placed', data: { n } })),
      );
    const actions = await createActions({ eventStore: store });
    const database = new Database(path, { readonly: true });
    const bareRead = database
      .prepare(
        "SELECT * FROM events WHERE stream >= 'actions.execution-' AND stream < 'actions.execution.' ORDER BY position",
      )
      .raw();
    const prefixes = ['actions.target-', 'actions.execution-'];
    const rates = await measure(
      [
        {
          name: 'bare SELECT + JSON.parse',
          async run() {
            let count = 0;
            for (const row of bareRead.iterate() as Iterable<unknown[]>) {
              for (const column of row)
                if (typeof column === 'string' && column.startsWith('{')) JSON.parse(column);
              if (++count % 512 === 0) await Promise.resolve();
            }
            return count;
          },
        },
        {
          name: 'subscription',
          async run() {
            let count = 0;
            for await (const message of store.subscribe({ prefixes, signal: new AbortController().signal })) {
              if ('caughtUp' in message) break;
              if ('stream' in message) count++;
            }
            return count;
          },
        },
        { name: 'rebuild', run: async () => (await actions.rebuild()).events },
        {
          name: 'JSON.parse',
          run: () => {
            const texts = targetEvents.map((event) => JSON.stringify(event));
            for (let round = 0; round < 100; round++) for (const text of texts) JSON.parse(text);
            return Promise.resolve(100 * texts.length);
          },
        },
        {
          name: 'fold',
          run: () => {
            const texts = targetEvents.map((event) => JSON.stringify(event));
            for (let round = 0; round < 100; round++)
              fold(
                target,
                texts.flatMap((text) => {
                  const { type, data } = JSON.parse(text) as TargetEvent;
                  return parseTargetEvent(type, data) ?? [];
                }),
              );
            return Promise.resolve(100 * texts.length);
          },
        },
      ],
      rounds,
    );
    console.log(`replay, ${ours} events of ours among ${ours + foreign}`);
    printRatio(rates, 'rebuild', 'bare SELECT + JSON.parse');
    printRatio(rates, 'rebuild', 'subscription', 'aim: at least 0.5');
    printRatio(rates, 'fold', 'JSON.parse', 'parse leniently and fold, 1 000 events a batch');
    database.close();
    await actions.close();
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}
