import { Axios } from 'axios';
import type { AxiosHeaderValue, InternalAxiosRequestConfig } from 'axios';

import { CallFailedError } from '../../errors.js';
import type { Endpoint } from '../../network/endpoint.js';
import type { HttpCall } from '../calls/httpCall.js';
import type { Proxy } from './proxy.js';
import { isReservedHeader, isSendableHeader } from '../calls/reservedHeaders.js';
import { shownName } from '../../lib/reading/shownValue.js';

const builder = new Axios({});

/** The URL after the interceptors, with their `params`; never joined with a `baseURL`. */
export function finalURL({ url = '', params, paramsSerializer }: InternalAxiosRequestConfig): string {
  const added: unknown = params;
  if (added === undefined || added === null) return url;
  return builder.getUri({ url, params: added, ...(paramsSerializer && { paramsSerializer }) });
}

/**
 * All headers except those of the message frame, names and values in turn: the interceptors' headers, then the
 * target's, then ours, which cover the final body. Only ours may use a reserved name, and no name is repeated.
 */
export function finalHeaders(
  call: HttpCall,
  body: string,
  left?: InternalAxiosRequestConfig['headers'],
): string[] {
  const flat: string[] = [];
  // An own property, so that no property of a polluted Object.prototype is sent.
  const own = (Object.hasOwn(call, 'extraHeaders') ? call.extraHeaders : undefined) ?? {};
  const ownNames = new Set<string>();
  for (const name in own) {
    const value = own[name];
    if (!Object.hasOwn(own, name) || value === undefined || isReservedHeader(name)) continue;
    if (!isSendableHeader(name, value)) throw unsendable(name);
    ownNames.add(name.toLowerCase());
    flat.push(name, value);
  }
  if (left !== undefined) {
    for (const [name, value] of Object.entries(left.toJSON() as Record<string, AxiosHeaderValue>)) {
      if (value === null || isReservedHeader(name) || ownNames.has(name.toLowerCase())) continue;
      const text = Array.isArray(value) ? value.join(', ') : String(value);
      if (!isSendableHeader(name, text)) throw unsendable(name);
      flat.push(name, text);
    }
  }
  const reserved = call.headers(body);
  for (const name in reserved) {
    const value = reserved[name];
    if (value !== undefined) flat.push(name, value);
  }
  return flat;
}

/** The same headers with those of the message frame, which come first and only from here. */
export function framedHeaders(
  headers: string[],
  endpoint: Endpoint,
  body: string,
  proxy: Proxy | undefined,
): readonly string[] {
  headers.unshift(
    'host',
    endpoint.authority,
    'content-length',
    String(Buffer.byteLength(body)),
    'accept-encoding',
    'identity',
  );
  if (proxy?.authorization !== undefined && endpoint.scheme === 'http')
    headers.push('proxy-authorization', proxy.authorization);
  return headers;
}

function unsendable(name: string): CallFailedError {
  return new CallFailedError('network', `header ${shownName(name)} cannot be sent as it is`);
}
