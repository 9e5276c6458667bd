import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call, as the receiver saw it. Times are those of its monotonic clock, in milliseconds. */
export interface Call {
  readonly target: string;
  readonly stream: string;
  readonly version: number;
  readonly webhookID: string;
  readonly isReplay: boolean;
  readonly startedAt: number;
  /** When the answer was written, or the caller was gone; `undefined` while it is open. */
  endedAt: number | undefined;
  /** 0 for a reset, or no answer. */
  status: number;
}

interface Receiver {
  readonly port: number;
  /** Only ever appended to. */
  readonly log: readonly Call[];
  /** From now on only permanent refusals fail. */
  calm(): void;
  close(): Promise<void>;
}

/** Events whose total is a multiple of this are refused by the target `poison`, always. */
export const poisonEvery = 50;
/** Longer than the targets' time-outs, and shorter than a lease. Milliseconds. */
const hangMs = 1_200;

interface Envelope {
  readonly stream: string;
  readonly sequence: number;
  readonly event_payload: { readonly total: number };
}

/**
 * Answers each target differently: `healthy`; `status`, `reset` and `timeout` fail by chance; `outage` is down for
 * seconds at a time; `poison` refuses some events permanently; `slow` answers late.
 */
export async function startReceiver(random: () => number): Promise<Receiver> {
  const log: Call[] = [];
  /** The last call of each lane. */
  const latest = new Map<string, Call>();
  let isCalm = false;
  let outageUntil = 0;
  let outageAgainAt = 3_000;

  function isOut(now: number): boolean {
    if (now >= outageAgainAt) {
      outageUntil = now + 2_000 + random() * 4_000;
      outageAgainAt = outageUntil + 3_000 + random() * 3_000;
    }
    return now < outageUntil;
  }

  async function answer(
    call: Call,
    total: number,
    response: ServerResponse,
    request: IncomingMessage,
  ): Promise<void> {
    const finish = (status: number, delayMs = 0): void => {
      setTimeout(() => {
        if (call.endedAt !== undefined) return;
        call.endedAt = performance.now();
        call.status = status;
        response.writeHead(status).end();
      }, delayMs);
    };
    const { target } = call;
    const draw = random();
    if (target === 'poison' && total % poisonEvery === 0) finish(400);
    else if (isCalm || target === 'healthy' || target === 'poison') finish(200);
    else if (target === 'slow') finish(200, 10 + draw * 30);
    else if (target === 'outage') finish(isOut(performance.now()) ? 503 : 200);
    else if (target === 'status') finish(draw < 0.1 ? 500 : draw < 0.15 ? 404 : draw < 0.17 ? 429 : 200);
    else if (target === 'reset' && draw < 0.1) {
      call.endedAt = performance.now();
      request.socket.resetAndDestroy();
    } else if (target === 'timeout' && draw < 0.03) finish(200, hangMs);
    else finish(200);
  }

  /**
   * Where the end of an earlier caller and this call wait in the kernel together, the loop may read the end after
   * the call. By the end of this poll it has read both: a caller that is gone by then was gone before.
   */
  function orderEnds(call: Call): void {
    const lane = `${call.target} ${call.stream}`;
    const other = latest.get(lane);
    latest.set(lane, call);
    if (other?.endedAt === undefined)
      setImmediate(() => {
        if (other?.endedAt !== undefined && other.status === 0)
          other.endedAt = Math.min(other.endedAt, call.startedAt);
      });
  }

  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('error', () => undefined);
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Envelope;
      const call: Call = {
        target: (request.url ?? '').slice(1),
        stream: body.stream,
        version: body.sequence,
        webhookID: String(request.headers['webhook-id']),
        isReplay: request.headers['actions-replay'] === 'true',
        startedAt: performance.now(),
        endedAt: undefined,
        status: 0,
      };
      log.push(call);
      orderEnds(call);
      const gone = () => {
        call.endedAt ??= performance.now();
      };
      const { socket } = request;
      socket.once('end', gone);
      response.on('close', () => {
        socket.off('end', gone);
        gone();
      });
      void answer(call, body.event_payload.total, response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    log,
    calm() {
      isCalm = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
