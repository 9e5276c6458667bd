import { InvalidArgumentError } from '../../errors.js';

/** Headers as Node, Express, Fastify or the Fetch API hand them over; names in any case. */
export type RequestHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of a header, several joined with `, ` as HTTP does it (RFC 9110 section 5.2); `undefined` where there is none. */
export function headerValue(headers: RequestHeaders, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const values: string[] = [];
  for (const [given, value] of Object.entries(headers)) {
    if (value === undefined || given.toLowerCase() !== name) continue;
    for (const one of typeof value === 'string' ? [value] : value) {
      if (typeof one !== 'string') throw new InvalidArgumentError(`the header ${name} has to be text`);
      values.push(one);
    }
  }
  return values.length === 0 ? undefined : values.join(', ');
}
