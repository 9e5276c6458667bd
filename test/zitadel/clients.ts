import { createClient, type Interceptor, type Transport } from '@connectrpc/connect';
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from '@connectrpc/connect-node';
import { createServerTransport } from '@zitadel/client/node';
import { createClientTransport } from '@zitadel/client/web';
import { ActionService } from '../../src/zitadel/generated/action_v2_pb.js';
import type { OpenedService } from './openService.js';

export const bearing =
  (token: string): Interceptor =>
  (next) =>
  (request) => {
    request.header.set('authorization', `Bearer ${token}`);
    return next(request);
  };

type Open = (service: OpenedService, token: string) => Transport;

/** Every protocol of a client of Connect's kind; `@zitadel/client` publishes the first two. */
export const transports: Readonly<Record<string, Open>> = {
  'gRPC of @zitadel/client': ({ h2 }, token) => createServerTransport(token, { baseUrl: h2 }),
  'gRPC-web of @zitadel/client': ({ h1 }, token) =>
    createClientTransport(token, { baseUrl: h1, useBinaryFormat: true }),
  'gRPC-web over HTTP/1.1': ({ h1 }, token) =>
    createGrpcWebTransport({ baseUrl: h1, httpVersion: '1.1', interceptors: [bearing(token)] }),
  'gRPC with JSON': ({ h2 }, token) =>
    createGrpcTransport({ baseUrl: h2, useBinaryFormat: false, interceptors: [bearing(token)] }),
  'Connect, binary, over HTTP/2': ({ h2 }, token) =>
    createConnectTransport({
      baseUrl: h2,
      httpVersion: '2',
      useBinaryFormat: true,
      interceptors: [bearing(token)],
    }),
  'Connect, JSON, over HTTP/1.1': ({ h1 }, token) =>
    createConnectTransport({ baseUrl: h1, httpVersion: '1.1', interceptors: [bearing(token)] }),
};

/** A client of version 2, for which the published packages have no descriptor. */
export const clientOf = (service: OpenedService, token = 'all', name = 'Connect, JSON, over HTTP/1.1') =>
  createClient(ActionService, (transports[name] as Open)(service, token));

interface RestAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** One REST call, as curl makes it. */
export async function rest(
  { h1 }: OpenedService,
  method: string,
  path: string,
  { body, token = 'all' }: { readonly body?: unknown; readonly token?: string } = {},
): Promise<RestAnswer> {
  const answer = await fetch(`${h1}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
