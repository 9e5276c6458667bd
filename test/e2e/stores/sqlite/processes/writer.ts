import { randomUUID } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { isActionsError } from '../../../../../src/errors.js';
import { sqliteEventStore } from '../../../../../src/stores/sqlite/index.js';

/**
 * A process that appends until it is killed: `writer.ts <file> <name> <file of acknowledgements>`. Each event is a
 * line in that file as soon as it is acknowledged, and the first one also says so on the standard output. Four
 * streams are its own, with exact versions; one it shares with every other writer.
 */
const [path = '', name = '', acknowledgements = ''] = process.argv.slice(2);
const store = sqliteEventStore({ path });
const file = openSync(acknowledgements, 'a');
let first = true;

function acknowledge(stream: string, version: bigint, id: string): void {
  // The line is in the file when the call returns, and stays when the process is killed.
  writeSync(file, `${stream} ${version} ${id}\n`);
  if (first) console.log('acknowledged');
  first = false;
}

async function own(stream: string): Promise<never> {
  let expectedVersion: bigint | 'no-stream' = 'no-stream';
  for (;;) {
    const ids = [randomUUID(), randomUUID()] as const;
    const events = ids.map((id) => ({
      id,
      type: 'own',
      data: { name, padding: 'x'.repeat(300) },
    }));
    const { version }: { version: bigint } = await store.append(stream, events, { expectedVersion });
    acknowledge(stream, version - 1n, ids[0]);
    acknowledge(stream, version, ids[1]);
    expectedVersion = version;
  }
}

async function shared(): Promise<never> {
  for (;;) {
    const id = randomUUID();
    let last: bigint | 'no-stream' = 'no-stream';
    for await (const event of store.readStream('shared', { direction: 'backwards', limit: 1 }))
      last = event.version;
    try {
      const { version } = await store.append('shared', [{ id, type: 'shared', data: { name } }], {
        expectedVersion: last,
      });
      acknowledge('shared', version, id);
    } catch (error) {
      if (!isActionsError(error, 'CONCURRENCY_CONFLICT')) throw error;
    }
  }
}

await Promise.race([shared(), ...[1, 2, 3, 4].map((number) => own(`writer-${name}.${number}`))]);
