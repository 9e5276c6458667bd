/**
 * What an integration costs where nobody is to be called: CPU time of the server a request. Four servers take turns, each in
 * a process of its own: without this library, the same inside `AsyncLocalStorage.run`, an identical twin of that one, which
 * shows the noise, and ours.
 *
 *     npm run bench:integrations [express|fastify|grpc|connect ...]
 *
 * It is compiled first: what runs TypeScript as it is gives names to functions as they are made, which costs more than what
 * is measured here.
 */
import { createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { credentials, type Client } from '@grpc/grpc-js';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Pool } from 'undici';
import { OrderService, type OrderClient } from '../integrations/orderService.js';
import { loadOrders } from '../integrations/loadOrders.js';
import type { Framework, Variant } from './integrationServer.js';

const rounds = 15;
const requests: Readonly<Record<Framework, number>> = {
  express: 4_000,
  fastify: 6_000,
  grpc: 3_000,
  connect: 3_000,
};
const atOnce = 16;
const order = { item: 'book', quantity: 2 };

interface Contender {
  readonly name: string;
  readonly server: ChildProcess;
  send(): Promise<unknown>;
  close(): void;
}

const reply = async (server: ChildProcess): Promise<Record<string, number>> =>
  ((await once(server, 'message')) as [Record<string, number>])[0];

function clientOf(framework: Framework, port: number): Pick<Contender, 'send' | 'close'> {
  const origin = `http://127.0.0.1:${port}`;
  if (framework === 'grpc') {
    const client = new (loadOrders())(`127.0.0.1:${port}`, credentials.createInsecure()) as Client &
      Record<string, (...sent: unknown[]) => unknown>;
    const send = () =>
      new Promise((resolve, reject) => {
        client['PlaceOrder']?.(order, (error: Error | null, value: unknown) => {
          if (error) reject(error);
          else resolve(value);
        });
      });
    return {
      send,
      close: () => {
        client.close();
      },
    };
  }
  if (framework === 'connect') {
    const sessionManager = new Http2SessionManager(origin);
    const transport = createConnectTransport({ baseUrl: origin, httpVersion: '2', sessionManager });
    const client = createClient(OrderService, transport) as unknown as OrderClient;
    return {
      send: () => client.placeOrder(order),
      close: () => {
        sessionManager.abort();
      },
    };
  }
  const pool = new Pool(origin, { connections: atOnce });
  const body = JSON.stringify(order);
  const headers = { 'content-type': 'application/json' };
  return {
    async send() {
      const answer = await pool.request({ path: '/', method: 'POST', headers, body });
      return answer.body.dump();
    },
    close: () => void pool.destroy(),
  };
}

async function open(framework: Framework, name: string, variant: Variant): Promise<Contender> {
  const server = fork(new URL('./integrationServer.js', import.meta.url), [framework, variant]);
  const { port = 0 } = await reply(server);
  return { name, server, ...clientOf(framework, port) };
}

/** CPU time of the server, microseconds a request. */
async function measure({ server, send }: Contender, count: number): Promise<number> {
  const cpu = async () => {
    server.send('cpu');
    return (await reply(server))['cpuMicroseconds'] ?? 0;
  };
  const before = await cpu();
  let left = count;
  const client = async () => {
    while (left-- > 0) await send();
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return ((await cpu()) - before) / count;
}

const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;

const chosen = process.argv.slice(2) as Framework[];
for (const framework of chosen.length > 0 ? chosen : (['express', 'fastify', 'grpc', 'connect'] as const)) {
  const contenders = [
    await open(framework, 'bare', 'bare'),
    await open(framework, 'storage', 'storage'),
    await open(framework, 'twin', 'storage'),
    await open(framework, 'ours', 'ours'),
  ];
  for (const contender of contenders) await measure(contender, requests[framework]);
  const cost: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < contenders.length; turn++) {
      const contender = contenders[(turn + round) % contenders.length] as Contender;
      (cost[contender.name] ??= []).push(await measure(contender, requests[framework]));
    }
  for (const { server, close } of contenders) {
    close();
    server.disconnect();
  }
  const ratio = (of: string, to: string) =>
    median((cost[of] ?? []).map((value, round) => value / (cost[to]?.[round] ?? NaN)));
  const of = (name: string) => `${median(cost[name] ?? []).toFixed(1)} µs`;
  console.log(
    `${framework}: CPU a request, median of ${rounds} rounds of ${requests[framework]}: bare ${of('bare')}, ` +
      `in AsyncLocalStorage ${of('storage')}, ours ${of('ours')}`,
  );
  console.log(`  bare / in AsyncLocalStorage         ${ratio('bare', 'storage').toFixed(3)}`);
  console.log(`  identical pair (the noise)          ${ratio('storage', 'twin').toFixed(3)}`);
  console.log(`  in AsyncLocalStorage / ours         ${ratio('storage', 'ours').toFixed(3)}`);
}
