import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

/** A request of `node:http` or `node:http2`. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** A response of `node:http` or `node:http2`. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** The headers of a request, without the pseudo-headers of HTTP/2. */
export function headersOf(request: NodeRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || name.startsWith(':')) continue;
    for (const each of Array.isArray(value) ? value : [value]) headers.append(name, each);
  }
  return headers;
}

/** The authority of a request; `undefined` where it names none, or none that a URL can hold. */
export function authorityOf(request: NodeRequest): string | undefined {
  const authority = 'authority' in request ? (request.authority as string | undefined) : undefined;
  const host = authority ?? request.headers.host;
  return host !== undefined && host !== '' && URL.canParse(`http://${host}/`) ? host : undefined;
}

export const pathOf = (request: NodeRequest): string => (request.url ?? '').split('?', 1)[0] ?? '';
