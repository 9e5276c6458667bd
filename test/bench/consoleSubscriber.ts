/**
 * p99 of guarded appends at 1 000 calls/s: without a console, with one whose page follows the calls from another
 * process, and an identical pair of the first. Rounds are interleaved. `npm run bench:console -- [rounds]
 * [seconds]`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createConsole } from '../../src/console/index.js';
import { createActions, memoryEventStore } from '../../src/index.js';
import { permissions } from '../../src/zitadel/wire/rpcTable.js';
import { median } from './rounds.js';
import { startTargetProcess } from './targetProcess.js';

const callsPerSecond = 1_000;
const tickMs = 10;

/** The page: reads all lines and drops them. */
function follow(port: number): void {
  process.on('disconnect', () => process.exit());
  get({ port, host: '127.0.0.1', path: '/api/calls/live' }, (answer) => {
    answer.resume();
    answer.once('data', () => process.send?.('follows'));
  });
}

async function open(targetURL: string, targetPort: number, hasConsole: boolean) {
  const actions = await createActions({
    eventStore: memoryEventStore(),
    keyring: 'plaintext',
    network: { allow: [`127.0.0.1:${targetPort}`] },
  });
  const { id } = await actions.targets.add({ name: 'policy', type: 'webhook', endpoint: targetURL });
  await actions.executions.set({ event: { all: true } }, [id]);
  const guarded = actions.intercept(memoryEventStore());
  const closings = [() => actions.close()];
  if (hasConsole) {
    const page = createConsole(actions, { authenticate: () => ({ permissions }) });
    const server = createServer(page).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const child = fork(fileURLToPath(import.meta.url), [
      'follow',
      String((server.address() as AddressInfo).port),
    ]);
    await once(child, 'message');
    closings.unshift(async () => {
      child.disconnect();
      await page.close();
      server.close();
    });
  }
  let streams = 0;
  return {
    append: () => guarded.append(`order-${(streams += 1)}`, [{ type: 'order.placed', data: { amount: 1 } }]),
    async close() {
      for (const close of closings) await close();
    },
  };
}

type Opened = Awaited<ReturnType<typeof open>>;

/** Starts as many appends in every tick as the rate asks for; gives the durations, sorted. */
async function latencies({ append }: Opened, seconds: number): Promise<readonly number[]> {
  const taken: number[] = [];
  const running: Promise<void>[] = [];
  const ticks = (seconds * 1_000) / tickMs;
  for (let tick = 0; tick < ticks; tick += 1) {
    const startedAt = performance.now();
    for (let each = 0; each < (callsPerSecond * tickMs) / 1_000; each += 1)
      running.push(
        append().then(() => {
          taken.push(performance.now() - startedAt);
        }),
      );
    await new Promise((resolve) => setTimeout(resolve, tickMs));
  }
  await Promise.all(running);
  return taken.sort((one, other) => one - other);
}

async function main(rounds: number, seconds: number): Promise<void> {
  await using target = await startTargetProcess();
  const contenders = {
    without: await open(target.url, target.port, false),
    'with a page that follows': await open(target.url, target.port, true),
    'without, once more': await open(target.url, target.port, false),
  };
  const names = Object.keys(contenders) as (keyof typeof contenders)[];
  const p99s = new Map(names.map((name): [string, number[]] => [name, []]));
  for (let round = -1; round < rounds; round += 1)
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      globalThis.gc?.();
      const taken = await latencies(contenders[name], seconds);
      const p99 = taken[Math.floor(taken.length * 0.99)] ?? Number.NaN;
      if (round < 0) continue;
      p99s.get(name)?.push(p99);
    }
  for (const [name, values] of p99s)
    console.log(
      `p99 of appends, ${name.padEnd(26)} ${median(values).toFixed(2)} ms  (${values.map((value) => value.toFixed(1)).join(', ')})`,
    );
  const base = p99s.get('without') ?? [];
  for (const name of names.slice(1)) {
    const ratios = (p99s.get(name) ?? []).map((value, round) => value / (base[round] ?? Number.NaN));
    console.log(`${name} / without: ${median(ratios).toFixed(3)}`);
  }
  console.log(`heap ${Math.round(process.memoryUsage().heapUsed / 1_048_576)} MiB`);
  for (const name of names) await contenders[name].close();
}

if (process.argv[2] === 'follow') follow(Number(process.argv[3]));
else await main(Number(process.argv[2] ?? 7), Number(process.argv[3] ?? 3));
