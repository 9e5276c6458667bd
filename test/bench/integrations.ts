/**
 * The cost of an integration where no target matches: requests that the server answers in a second of its CPU time.
 * Four servers take turns, each in a process of its own: without this library, the same inside
 * `AsyncLocalStorage.run`, an identical twin of that one, which shows the noise, and ours.
 *
 *     npm run bench:integrations [express|fastify|grpc|connect ...]
 *
 * A round is made of short slices that take turns in both directions, so that other load of the machine meets all four
 * alike. Processes that run the same code differ by some percent for their whole life, depending on what was
 * compiled when: they are restarted several times. No garbage collection is forced: it would drop compiled code,
 * after which everything costs several times as much.
 *
 * The code is compiled first: a loader of TypeScript gives names to functions at run time, which costs more than
 * the measured difference.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { atOnce, openClient, type OrdersClient } from './integrationClient.js';
import type { Framework, Variant } from './integrationServer.js';
import { median, printRatio } from './rounds.js';

const starts = 4;
const roundsEach = 6;
const slices = 8;
const sliceRequests = 250;
/** Warm-up: before, most of the CPU time goes to the compiler. */
const warmUpRequests = 15_000;

interface Contender extends OrdersClient {
  readonly name: string;
  readonly server: ChildProcess;
}

/** CPU time that a server has used, microseconds. */
async function cpuTime(server: ChildProcess): Promise<number> {
  const answered = once(server, 'message') as Promise<[number]>;
  server.send('cpu');
  return (await answered)[0];
}

async function open(framework: Framework, name: string, variant: Variant): Promise<Contender> {
  const server = fork(new URL('./integrationServer.js', import.meta.url), [framework, variant]);
  const [port] = (await once(server, 'message')) as [number];
  return { name, server, ...openClient(framework, port) };
}

/** CPU time of the server for so many requests, microseconds. */
async function measure({ server, send }: Contender, requests: number): Promise<number> {
  const before = await cpuTime(server);
  let left = requests;
  const client = async () => {
    while (left-- > 0) await send();
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return (await cpuTime(server)) - before;
}

/** Requests a second of CPU time, by name. */
async function round(contenders: readonly Contender[]): Promise<ReadonlyMap<string, number>> {
  const spent = new Map<string, number>();
  for (let slice = 0; slice < slices; slice++) {
    const order = slice % 2 === 0 ? contenders : [...contenders].reverse();
    for (const contender of order)
      spent.set(contender.name, (spent.get(contender.name) ?? 0) + (await measure(contender, sliceRequests)));
  }
  const requests = slices * sliceRequests;
  return new Map([...spent].map(([name, microseconds]) => [name, (requests * 1_000_000) / microseconds]));
}

async function bench(framework: Framework): Promise<void> {
  const rates = new Map<string, number[]>();
  for (let start = 0; start < starts; start++) {
    const contenders = [
      await open(framework, 'bare', 'bare'),
      await open(framework, 'storage', 'storage'),
      await open(framework, 'twin', 'storage'),
      await open(framework, 'ours', 'ours'),
    ];
    for (const contender of contenders) await measure(contender, warmUpRequests);
    for (let each = 0; each < roundsEach; each++) {
      // The first contender changes too.
      contenders.push(...contenders.splice(0, 1));
      for (const [name, rate] of await round(contenders)) {
        const known = rates.get(name) ?? [];
        known.push(rate);
        rates.set(name, known);
      }
    }
    for (const { server, close } of contenders) {
      const exited = once(server, 'exit');
      close();
      server.disconnect();
      await exited;
    }
  }
  const cost = (name: string) => `${(1_000_000 / median(rates.get(name) ?? [])).toFixed(1)} µs`;
  console.log(
    `${framework}: CPU a request, ${starts} starts of ${roundsEach} rounds of ${slices} x ${sliceRequests} requests: ` +
      `bare ${cost('bare')}, in AsyncLocalStorage ${cost('storage')}, ours ${cost('ours')} ` +
      `(load of the machine ${loadavg()[0]?.toFixed(1) ?? ''})`,
  );
  printRatio(rates, 'storage', 'bare');
  printRatio(rates, 'twin', 'storage', 'identical: the noise');
  printRatio(rates, 'ours', 'storage', 'aim: at least 0.95');
}

const chosen = process.argv.slice(2) as Framework[];
for (const framework of chosen.length > 0 ? chosen : (['express', 'fastify', 'grpc', 'connect'] as const))
  await bench(framework);
