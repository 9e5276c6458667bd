import { EventStoreDBClient } from '@eventstore/db-client';
import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { fromEventStoreDB, interceptClient } from '../../src/stores/eventStoreDB/index.js';
import { refusingTarget } from './adapter/refusingTarget.js';
import { compare, runWorkload, type Told } from './adapter/workload.js';

/**
 * Appends through the hook against EVENTSTOREDB_URL while an operator kills and restarts nodes by hand, then
 * compares the answers to the writers with the events of the server. Ends with status 1 where they differ.
 */
const options = new Command('npm run torture:eventstoredb --')
  .option('--seconds <count>', 'how long to append', Number, 60)
  .option('--writers <count>', 'how many writers at once, each with a stream of its own', Number, 16)
  .parse()
  .opts<{ seconds: number; writers: number }>();

const url = process.env['EVENTSTOREDB_URL'];
if (url === undefined) {
  console.error('EVENTSTOREDB_URL names no server; docs/guides/eventstoredb.md says how to start one');
  process.exit(2);
}

const run = randomUUID().slice(0, 8);
const client = EventStoreDBClient.connectionString(url);
const store = fromEventStoreDB(client);

/** Repeats a failing action while a node is away, for a minute at most. */
async function persist<Result>(what: string, attempt: () => Promise<Result>): Promise<Result> {
  const end = performance.now() + 60_000;
  for (;;)
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw new Error(`could not ${what} within a minute`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
}

async function idsOf(streams: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const stream of streams)
    ids.push(
      ...(await persist('read back', async () => {
        const found: string[] = [];
        for await (const { id } of store.readStream(stream)) found.push(id);
        return found;
      })),
    );
  return ids;
}

async function report(told: Told): Promise<boolean> {
  const found = compare(told, await idsOf(told.streams));
  console.log(`acknowledged          ${told.acknowledged.size}`);
  console.log(`refused by a target   ${told.refused.size}`);
  console.log(`tries repeated        ${told.retries}`);
  console.log(`conflicts             ${told.conflicts}`);
  console.log(`lost                  ${found.lost}`);
  console.log(`written twice         ${found.writtenTwice}`);
  console.log(`written after a veto  ${found.writtenAfterVeto}`);
  console.log(`longest stall         ${(told.longestStallMs / 1_000).toFixed(1)} s`);
  return found.lost + found.writtenTwice + found.writtenAfterVeto + told.conflicts === 0;
}

const instanceID = `torture-${run}`;
const open = await refusingTarget(store, instanceID);
const guarded = interceptClient(client, open.actions);
const endsAt = performance.now() + options.seconds * 1_000;
console.log(`${options.writers} writers append for ${options.seconds} s: kill and restart nodes now`);
const progress = setInterval(() => {
  console.log(`${Math.max(0, Math.round((endsAt - performance.now()) / 1_000))} s left`);
}, 10_000);
const told = await runWorkload({
  guarded,
  prefix: `torture.${run}-`,
  writers: options.writers,
  goesOn: () => performance.now() < endsAt,
  pauseMs: 100,
});
clearInterval(progress);
const isRight = await report(told);

const backAt = performance.now();
const { position } = await persist('write to the library’s own streams', () =>
  open.actions.targets.change(open.targetID, { timeoutMs: 1_234 }),
);
await open.actions.whenApplied(position);
console.log(`projection current    after ${((performance.now() - backAt) / 1_000).toFixed(1)} s`);
await open.actions.executions.remove({ event: { all: true } });
await open.actions.targets.remove(open.targetID);
await open[Symbol.asyncDispose]();

const own: string[] = [];
for await (const message of store.subscribe({
  prefixes: ['actions.'],
  signal: new AbortController().signal,
})) {
  if ('caughtUp' in message) break;
  if ('stream' in message && message.stream.includes(instanceID)) own.push(message.stream);
}
for (const stream of new Set([...told.streams, ...own])) await client.deleteStream(stream);
await client.dispose();
process.exitCode = isRight ? 0 : 1;
