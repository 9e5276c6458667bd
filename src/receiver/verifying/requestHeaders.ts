import { InvalidArgumentError } from '../../errors.js';
import { depthHeaderName } from '../../lib/reading/depthHeader.js';
import { reading } from '../../lib/reading/reading.js';
import { shownType } from '../../lib/reading/shownValue.js';

/** The `Headers` of the Fetch API, of any implementation. */
export interface HeadersLike {
  /** The value of a header, in any case; `null` where there is none. */
  get(name: string): string | null;
  /** Whether a header is present. */
  has(name: string): boolean;
}

/** Headers as Node, Express, Fastify or the Fetch API give them; names in any case. */
export type RequestHeaders = HeadersLike | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Every header that a receiver reads. */
const names = [
  'zitadel-signature',
  'webhook-signature',
  'webhook-id',
  'webhook-timestamp',
  depthHeaderName,
  'actions-deadline-ms',
  'actions-rehearsal',
] as const;

/** The headers of a call that a receiver reads, each read once. */
export type TakenHeaders = Readonly<Partial<Record<(typeof names)[number], string>>>;

/** @throws {@link InvalidArgumentError} for a value that is no headers, or cannot be read */
export function takeHeaders(headers: RequestHeaders): TakenHeaders {
  return reading('headers', () => {
    const taken: Partial<Record<(typeof names)[number], string>> = {};
    for (const name of names) {
      const value = headerValue(headers, name);
      if (value !== undefined) taken[name] = value;
    }
    return taken;
  });
}

/**
 * The value of a header; several values are joined with `, ` as in HTTP (RFC 9110 section 5.2); `undefined` where there
 * is none.
 */
function headerValue(headers: RequestHeaders, name: string): string | undefined {
  // Gateways pass `null` for a call without headers.
  if (typeof headers !== 'object' || (headers as unknown) === null)
    throw new InvalidArgumentError(
      `headers has to be an object, not ${shownType(headers)}: pass the headers of the request unchanged`,
    );
  if (isHeadersLike(headers)) return textOf(headers.get(name) ?? undefined, name);
  const values: string[] = [];
  for (const [given, value] of Object.entries(headers)) {
    if (value === undefined || given.toLowerCase() !== name) continue;
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const one of all) values.push(textOf(one, name) ?? '');
  }
  return values.length === 0 ? undefined : values.join(', ');
}

function textOf(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new InvalidArgumentError(`the header ${name} has to be text, not ${shownType(value)}`);
}

/** By its members: a header may be named `get`, but its value is no function. */
const isHeadersLike = (headers: RequestHeaders): headers is HeadersLike =>
  typeof headers.get === 'function' && typeof headers.has === 'function';
