import type { IncomingHttpHeaders } from 'node:http';

/** Whether a parsed body can be written as JSON. Bytes and streams cannot, and cannot be amended. */
export const isShowable = (body: unknown): boolean =>
  typeof body !== 'object' ||
  body === null ||
  !(
    ArrayBuffer.isView(body) ||
    body instanceof ArrayBuffer ||
    typeof (body as { pipe?: unknown }).pipe === 'function'
  );

/** The request's body for targets: `null` without a body, or for a body that has no JSON. */
export const shownBody = (body: unknown): unknown => (isShowable(body) ? (body ?? null) : null);

/** The value of a header with a single value. */
export function singleHeader(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
