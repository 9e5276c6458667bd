import type { IncomingHttpHeaders } from 'node:http';
import { Pool } from 'undici';
import type { Caller, EventStore } from '../../src/index.js';
import { closeAfterTest } from '../support/closings.js';
import { type OpenedActions } from '../support/openActions.js';

export const method = '/orders.v1.OrderService/PlaceOrder';
export const service = 'orders.v1.OrderService';

/** The behaviour of a route, by the path of the request; it is the same for every framework. */
export type Behaviour =
  | 'place'
  | 'echo'
  | 'null'
  | 'text'
  | 'buffer'
  | 'stream'
  | 'empty'
  | 'bad-request'
  | 'throw'
  | 'veto'
  | 'unguarded';

/** The parts of a server under test. */
export interface ServerParts {
  readonly opened: OpenedActions;
  readonly guarded: EventStore;
  /** The bodies that handlers received. */
  readonly handled: unknown[];
  readonly callerOf: (headers: IncomingHttpHeaders) => Caller;
}

/** Starts a server on loopback; gives its origin. */
export type StartServer = (
  parts: ServerParts,
) => Promise<{ readonly origin: string; close(): Promise<void> }>;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  json(): unknown;
}

interface HttpClient {
  readonly handled: readonly unknown[];
  send(
    behaviour: Behaviour,
    body?: unknown,
    headers?: Record<string, string>,
    signal?: AbortSignal,
  ): Promise<Answer>;
}

const text = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
};

/** Headers name the caller, as behind a gateway. */
export function callerOf(headers: IncomingHttpHeaders): Caller {
  if (headers['x-fail'] !== undefined) throw new Error('who is that?');
  return {
    instanceID: text(headers, 'x-instance'),
    orgID: text(headers, 'x-org'),
    projectID: text(headers, 'x-project'),
    userID: text(headers, 'x-user'),
  };
}

export async function openServer(start: StartServer, opened: OpenedActions): Promise<HttpClient> {
  const handled: unknown[] = [];
  const server = await start({ opened, guarded: opened.guarded, handled, callerOf });
  const pool = new Pool(server.origin, { connections: 50 });
  closeAfterTest(async () => {
    await pool.destroy();
    await server.close();
  });
  return {
    handled,
    async send(behaviour, body, headers = {}, signal) {
      const answer = await pool.request({
        path: `/${behaviour}`,
        method: 'POST',
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        body: body === undefined ? null : JSON.stringify(body),
        ...(signal && { signal }),
      });
      const received = await answer.body.text();
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: received,
        json: () => JSON.parse(received) as unknown,
      };
    },
  };
}
