/** One process of `npm run torture:postgres`: writers that append through the hook and record the answers. */
import { randomUUID } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createActions, isActionsError } from 'eventstore-actions';
import { postgresEventStore } from 'eventstore-actions/postgres';
import pg from 'pg';

const [connectionString = '', schema = '', allowed = '', journal = '', writers = '4'] = process.argv.slice(2);

const file = openSync(journal, 'a');
const note = (line: string): void => void writeSync(file, `${line}\n`);

async function persist<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++)
    try {
      return await attempt();
    } catch (error) {
      if (tries === 300) throw error;
      await pause(100);
    }
}

const pool = new pg.Pool({ connectionString, max: 4 });
pool.on('error', () => undefined);
const store = await persist(() => postgresEventStore({ pool, schema }));
const actions = await persist(() =>
  createActions({ eventStore: store, keyring: 'plaintext', network: { allow: [allowed] } }),
);
const guarded = actions.intercept(store);

async function write(stream: string): Promise<void> {
  let expectedVersion: bigint | 'no-stream' = 'no-stream';
  for (let count = 1; ; count++) {
    const id = randomUUID();
    const event = { id, type: 'order.placed', data: { count, refused: count % 10 === 0 } };
    const startedAt = performance.now();
    for (let answered = false; !answered;)
      try {
        const { version }: { version: bigint } = await guarded.append(stream, [event], { expectedVersion });
        expectedVersion = version;
        note(`A ${id} ${Math.round(performance.now() - startedAt)}`);
        answered = true;
      } catch (error) {
        answered = isActionsError(error, 'TARGET_INTERRUPTED');
        if (answered) note(`R ${id}`);
        else if (isActionsError(error, 'CONCURRENCY_CONFLICT')) {
          note(`C ${stream}`);
          return;
        } else await pause(50 + Math.random() * 50);
      }
  }
}

// The kills begin once every process writes, since a process starts slowly on a busy machine.
process.send?.('writes');
const run = randomUUID().slice(0, 8);
await Promise.all(Array.from({ length: Number(writers) }, (_, place) => write(`torture.${run}-${place}`)));
