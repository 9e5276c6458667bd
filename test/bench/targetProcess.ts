import { fork } from 'node:child_process';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import axios from 'axios';

/** An endpoint in a process of its own, and the ways to call it that this library is compared with. */
interface TargetProcess extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** `axios.post` as applications use it. */
  postWithAxios(body: object, calls: number, atOnce: number): Promise<number>;
  /** The floor: `node:http` with a keep-alive agent. */
  postBare(body: object, calls: number, atOnce: number): Promise<number>;
}

async function many(calls: number, atOnce: number, call: () => Promise<unknown>): Promise<number> {
  let left = calls;
  const caller = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
  return calls;
}

const bareCall = (agent: Agent, port: number, body: object): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const json = JSON.stringify(body);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
    const call = request({ host: '127.0.0.1', port, path: '/', method: 'POST', agent, headers }, (answer) => {
      const chunks: Uint8Array[] = [];
      answer.on('data', (chunk: Uint8Array) => chunks.push(chunk));
      answer.on('end', () => {
        resolve(Buffer.concat(chunks));
      });
    });
    call.on('error', reject);
    call.end(json);
  });

export async function startTargetProcess(): Promise<TargetProcess> {
  const child = fork(fileURLToPath(import.meta.url));
  const port = await new Promise<number>((resolve) => child.once('message', resolve));
  const agent = new Agent({ keepAlive: true });
  const url = `http://127.0.0.1:${port}/`;
  return {
    port,
    url,
    postWithAxios: (body, calls, atOnce) => many(calls, atOnce, () => axios.post(url, body)),
    postBare: (body, calls, atOnce) => many(calls, atOnce, () => bareCall(agent, port, body)),
    async [Symbol.asyncDispose]() {
      agent.destroy();
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await exited;
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = createServer((call, answer) => {
    call.resume();
    call.on('end', () => answer.writeHead(200, { 'content-length': 0 }).end());
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}
