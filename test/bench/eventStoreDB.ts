import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createActions, memoryEventStore } from '../../src/index.js';
import { interceptClient } from '../../src/stores/eventStoreDB/index.js';
import { measure, printRatio, type Contender } from './rounds.js';

const data = { customer: 'c-1', note: 'x'.repeat(220) };
const run = randomUUID().slice(0, 8);
const streams = 500;

function appending(name: string, client: EventStoreDBClient, appends: number, atOnce: number): Contender {
  let stream = 0;
  return {
    name,
    async run() {
      let left = appends;
      const writer = async () => {
        while (left-- > 0)
          await client.appendToStream(
            `bench.${run}-${stream++ % streams}`,
            jsonEvent({ type: 'order.placed', data }),
          );
      };
      await Promise.all(Array.from({ length: atOnce }, writer));
      return appends;
    },
  };
}

async function withoutMatch(what: string, url: string, appends: number, rounds: number): Promise<void> {
  const open = () => EventStoreDBClient.connectionString(url);
  const [bare, twin, inner] = [open(), open(), open()];
  const actions = await createActions({ eventStore: memoryEventStore(), keyring: 'plaintext' });
  const { id } = await actions.targets.add({
    name: 'elsewhere',
    type: 'webhook',
    endpoint: 'https://example.com/',
  });
  for (let n = 0; n < 1_000; n++) await actions.executions.set({ event: { event: `other.thing${n}` } }, [id]);
  const rates = await measure(
    [
      appending('bare', bare, appends, 16),
      appending('identical', twin, appends, 16),
      appending('guarded', interceptClient(inner, actions), appends, 16),
    ],
    rounds,
  );
  console.log(`appendToStream, ${what}, no execution matches (1 000 executions), 16 at once`);
  printRatio(rates, 'identical', 'bare', 'the noise');
  printRatio(rates, 'guarded', 'bare', 'aim: within the noise');
  await actions.close();
  for (let stream = 0; stream < streams; stream++) await bare.deleteStream(`bench.${run}-${stream}`);
  for (const client of [bare, twin, inner]) await client.dispose();
}

/** Measures on the double, in a process of its own, and on EVENTSTOREDB_URL where it is set. */
export async function benchEventStoreDB(rounds: number): Promise<void> {
  const double = spawn(process.execPath, ['--import', 'tsx', 'test/eventstoredb/double/main.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface({ input: double.stdout }), 'line')) as [string];
    await withoutMatch('the double', line.trim(), 2_000, rounds);
  } finally {
    double.kill();
  }
  const url = process.env['EVENTSTOREDB_URL'];
  if (url !== undefined) await withoutMatch('EVENTSTOREDB_URL', url, 2_000, rounds);
}
