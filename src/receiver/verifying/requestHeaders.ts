import { InvalidArgumentError } from '../../errors.js';

/** The `Headers` of the Fetch API, of any implementation. */
export interface HeadersLike {
  /** The value of a header, in any case; `null` where there is none. */
  get(name: string): string | null;
  /** Whether a header came. */
  has(name: string): boolean;
}

/** Headers as Node, Express, Fastify or the Fetch API give them; names in any case. */
export type RequestHeaders = HeadersLike | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The value of a header; several values are joined with `, ` as in HTTP (RFC 9110 section 5.2); `undefined` where there
 * is none.
 */
export function headerValue(headers: RequestHeaders, name: string): string | undefined {
  // Gateways pass `null` for a call without headers.
  if (typeof headers !== 'object' || (headers as unknown) === null)
    throw new InvalidArgumentError('headers has to be an object: the headers as they came');
  if (isHeadersLike(headers)) return headers.get(name) ?? undefined;
  const values: string[] = [];
  for (const [given, value] of Object.entries(headers)) {
    if (value === undefined || given.toLowerCase() !== name) continue;
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const one of all) {
      if (typeof one !== 'string') throw new InvalidArgumentError(`the header ${name} has to be text`);
      values.push(one);
    }
  }
  return values.length === 0 ? undefined : values.join(', ');
}

/** By its members: a header may be named `get`, but its value is no function. */
const isHeadersLike = (headers: RequestHeaders): headers is HeadersLike =>
  typeof headers.get === 'function' && typeof headers.has === 'function';
