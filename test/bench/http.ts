/**
 * Calls/s of the library's HTTP path against bare `node:http` (the floor) and plain `axios.post` (the peer), in one run:
 * paired, interleaved rounds, the server in a process of its own. `node --import tsx test/bench/http.ts [rounds] [ms]`
 * tsx gives every closure its name at run time, which costs this path a few microseconds a call that `tsc` does not.
 */
import { fork } from 'node:child_process';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

import axios from 'axios';

import { createHttpClient } from '../../src/firing/transport/httpTarget.js';
import { parseEndpoint } from '../../src/network/endpoint.js';
import { createNetworkPolicy } from '../../src/network/networkPolicy.js';
import { signatureHeaders } from '../../src/signing/signature.js';
import { prepareSigningKey } from '../../src/signing/signingKey.js';
import { median } from './rounds.js';

type Post = () => Promise<unknown>;

if (process.argv[2] === 'serve') serve();
else await main(Number(process.argv[2] ?? 11), Number(process.argv[3] ?? 400));

function serve(): void {
  process.on('disconnect', () => process.exit());
  const server = createServer((incoming, response) => {
    incoming.on('data', () => undefined);
    incoming.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '13' });
      response.end('{"done":true}');
    });
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

async function main(rounds: number, millisecondsEach: number): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), ['serve']);
  const port = await new Promise<number>((resolve) => child.once('message', resolve));
  const url = `http://127.0.0.1:${port}/orders`;
  const event = { id: 'e', data: 'x'.repeat(960), number: 12 };
  const key = prepareSigningKey(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
  const agent = new Agent({ keepAlive: true });
  const client = createHttpClient({ policy: createNetworkPolicy({ allow: [`127.0.0.1:${port}`] }) });

  const floor: Post = () =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(event);
      const outgoing = request(
        {
          host: '127.0.0.1',
          port,
          path: '/orders',
          method: 'POST',
          agent,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          const chunks: Uint8Array[] = [];
          response.on('data', (chunk: Uint8Array) => chunks.push(chunk));
          response.on('end', () => {
            resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const peer: Post = () => axios.post(url, event);
  const endpoint = parseEndpoint(url);
  const ours: Post = async () => {
    const answer = await client.post({
      endpoint,
      body: JSON.stringify(event),
      headers: (body) => ({
        'content-type': 'application/json',
        ...signatureHeaders([key], { id: 'evt-1', timestampSeconds: Math.floor(Date.now() / 1_000), body }),
        'actions-depth': '1',
        'actions-deadline-ms': '10000',
      }),
      instanceID: 'default',
      timeoutMs: 10_000,
      answerBytes: 1_048_576,
    });
    return JSON.parse(Buffer.from(answer.body).toString('utf8')) as unknown;
  };
  const core: Post = () =>
    axios.post(url, event, {
      adapter: (config) =>
        Promise.resolve({ data: '{"done":true}', status: 200, statusText: '', headers: {}, config }),
    });
  const cases: Record<string, Post> = { floor, peer, ours, core };
  for (const atOnce of [32, 1]) {
    const rates: Record<string, number[]> = {};
    const cpu: Record<string, number[]> = {};
    for (let round = -1; round < rounds; round += 1) {
      for (const [name, post] of Object.entries(cases)) {
        const { rate, cpuPerCall } = await run(post, atOnce, millisecondsEach);
        if (round < 0) continue;
        (rates[name] ??= []).push(rate);
        (cpu[name] ??= []).push(cpuPerCall);
      }
    }
    report(atOnce, rates, cpu);
  }
  client.close();
  agent.destroy();
  child.kill();
}

async function run(
  post: Post,
  atOnce: number,
  milliseconds: number,
): Promise<{ rate: number; cpuPerCall: number }> {
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const endAt = startedAt + milliseconds;
  let calls = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (performance.now() < endAt) {
        await post();
        calls += 1;
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpuBefore);
  return { rate: (calls / (performance.now() - startedAt)) * 1_000, cpuPerCall: (user + system) / calls };
}

function report(atOnce: number, rates: Record<string, number[]>, cpu: Record<string, number[]>): void {
  const of = (table: Record<string, number[]>, name: string) => table[name] ?? [];
  const ratio = (name: string, base: string) =>
    median(of(rates, name).map((rate, round) => rate / (of(rates, base)[round] ?? Number.NaN)));
  const cpuRatio = median(
    of(cpu, 'ours').map(
      (spent, round) => spent / ((of(cpu, 'floor')[round] ?? 0) + (of(cpu, 'core')[round] ?? 0)),
    ),
  );
  const line = (name: string) =>
    `  ${name.padEnd(6)} ${median(of(rates, name)).toFixed(0).padStart(7)} calls/s  ${median(of(cpu, name)).toFixed(1).padStart(6)} µs CPU a call`;
  console.log(`${atOnce} at once, 1 kB of JSON, ${of(rates, 'ours').length} paired rounds`);
  for (const name of Object.keys(rates)) console.log(line(name));
  console.log(`  ours / axios.post       ${ratio('ours', 'peer').toFixed(2)}   (aim 1.6)`);
  console.log(`  ours / node:http        ${ratio('ours', 'floor').toFixed(2)}   (aim 0.38)`);
  console.log(`  CPU ours / (node:http + axios over a stub)  ${cpuRatio.toFixed(2)}   (aim at most 1.35)`);
}
