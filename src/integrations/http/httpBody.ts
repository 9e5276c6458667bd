import type { IncomingHttpHeaders } from 'node:http';

/** Whether a parsed body has JSON. Bytes and streams have none, and cannot be amended either. */
export const isShowable = (body: unknown): boolean =>
  typeof body !== 'object' ||
  body === null ||
  !(
    ArrayBuffer.isView(body) ||
    body instanceof ArrayBuffer ||
    typeof (body as { pipe?: unknown }).pipe === 'function'
  );

/** The request's body as targets are shown it: `null` where there is none, or none with JSON. */
export const shownBody = (body: unknown): unknown => (isShowable(body) ? (body ?? null) : null);

/** The value of a header that is sent once. */
export function singleHeader(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
