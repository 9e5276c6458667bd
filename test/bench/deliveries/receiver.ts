import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** One call: its stream, and when it came, in milliseconds of the machine's monotonic clock. */
type Arrival = readonly [stream: string, at: number];

/**
 * An endpoint in a process of its own. `/now` answers at once, `/later` after 20 ms, `/refuses` answers 503,
 * `/poison` 400,
 * `/silent` nothing.
 */
interface Receiver extends AsyncDisposable {
  readonly port: number;
  /** Calls that were answered with 200 so far. */
  taken(): Promise<number>;
  /** The calls since the last request for them. */
  arrivals(): Promise<readonly Arrival[]>;
}

/** The time since the machine started, which all processes share. */
export const machineMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;

export async function startReceiver(): Promise<Receiver> {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: [] });
  const exited = once(child, 'exit');
  const ask = async (question: string): Promise<unknown> => {
    child.send(question);
    const [answer] = (await once(child, 'message')) as [unknown];
    return answer;
  };
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    taken: async () => (await ask('taken')) as number,
    arrivals: async () => (await ask('arrivals')) as readonly Arrival[],
    async [Symbol.asyncDispose]() {
      child.kill();
      await exited;
    },
  };
}

function serve(): void {
  let taken = 0;
  let arrivals: Arrival[] = [];
  const streamOf = /"stream":"([^"]{1,200})"/;
  const server = createServer((call, answer) => {
    const chunks: Uint8Array[] = [];
    call.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    call.on('end', () => {
      const say = (status: number) => {
        if (status === 200) taken++;
        answer.writeHead(status, { 'content-length': 0 }).end();
      };
      if (call.url === '/now') say(200);
      else if (call.url === '/refuses') say(503);
      else if (call.url === '/poison') say(400);
      if (call.url !== '/later') return;
      const stream = streamOf.exec(Buffer.concat(chunks).toString('utf8'))?.[1] ?? '';
      arrivals.push([stream, machineMs()]);
      setTimeout(say, 20, 200);
    });
  });
  process.on('message', (question) => {
    if (question === 'taken') process.send?.(taken);
    else {
      process.send?.(arrivals);
      arrivals = [];
    }
  });
  process.on('disconnect', () => process.exit());
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serve();
