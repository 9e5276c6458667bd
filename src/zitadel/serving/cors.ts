import type { ServerResponse } from 'node:http';
import { cors } from '@connectrpc/connect';
import type { NodeRequest, NodeResponse } from './nodeMessages.js';

const verbs = [...new Set([...cors.allowedMethods, 'PUT', 'DELETE'])].join(', ');
const allowedHeaders = [...cors.allowedHeaders, 'Authorization', 'x-zitadel-orgid', 'x-user-agent'].join(
  ', ',
);
const exposedHeaders = [...cors.exposedHeaders, 'grpc-status-details-bin'].join(', ');

/**
 * Allows pages of these origins to call. Answers preflight requests.
 *
 * @returns whether the request has been answered
 */
export function serveCors(request: NodeRequest, response: NodeResponse, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  if (origins.length === 0) return false;
  // The responses of HTTP/1 and HTTP/2 declare this method separately.
  const headers = response as ServerResponse;
  headers.setHeader('vary', 'Origin');
  const isAllowed = origin !== undefined && (origins.includes(origin) || origins.includes('*'));
  if (!isAllowed) return false;
  headers.setHeader('access-control-allow-origin', origin);
  headers.setHeader('access-control-expose-headers', exposedHeaders);
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
    return false;
  headers.setHeader('access-control-allow-methods', verbs);
  headers.setHeader('access-control-allow-headers', allowedHeaders);
  headers.setHeader('access-control-max-age', '7200');
  headers.writeHead(204).end();
  return true;
}
