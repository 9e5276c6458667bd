import type { UniversalServerRequest } from '@connectrpc/connect/protocol';

/** The longest timer of Node: a longer one fires at once. Milliseconds. */
export const longestTimeoutMs = 2 ** 31 - 1;

/** Milliseconds of the units of gRPC that can be longer than a timer. */
const longUnits: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000 };

/** The headers of a deadline, how to read them, and the longest value. Connect refuses a header that is not read here. */
const headers = [
  {
    name: 'grpc-timeout',
    read(value: string): number | undefined {
      const [, amount, unit = ''] = /^(\d{1,8})([HMS])$/.exec(value) ?? [];
      return amount === undefined ? undefined : Number(amount) * (longUnits[unit] ?? 0);
    },
    longest: `${Math.floor(longestTimeoutMs / 1_000)}S`,
  },
  {
    name: 'connect-timeout-ms',
    read: (value: string) => (/^\d{1,10}$/.test(value) ? Number(value) : undefined),
    longest: String(longestTimeoutMs),
  },
];

/** The same request with a deadline that a timer can keep: Connect refuses a later one, and its timer fires at once. */
export function withBoundedTimeout(request: UniversalServerRequest): UniversalServerRequest {
  const tooLong = headers.filter(({ name, read }) => {
    const value = request.header.get(name);
    return value !== null && (read(value) ?? 0) > longestTimeoutMs;
  });
  if (tooLong.length === 0) return request;
  const header = new Headers(request.header);
  for (const { name, longest } of tooLong) header.set(name, longest);
  return { ...request, header };
}
