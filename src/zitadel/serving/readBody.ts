import { Code } from '@connectrpc/connect';
import { later } from '../../lib/clock.js';
import { serviceError } from '../wire/serviceError.js';
import type { NodeRequest } from './nodeMessages.js';

interface BodyLimits {
  /** The largest body. Bytes. */
  readonly bytes: number;
  /** The most bytes of all bodies of one tenant that are being read. */
  readonly tenantBytes: number;
  /** How long a body may take. Milliseconds. */
  readonly durationMs: number;
}

/**
 * Reads a body up to its limit, and of a longer body one chunk more, which shows that it is too long. Rejects where
 * the body breaks off or takes too long.
 *
 * @param tenant - the tenant whose limit counts the bytes
 * @throws ConnectError `ResourceExhausted` where the tenant sends more at once than is held
 */
export type ReadBody = (request: NodeRequest, tenant: string) => Promise<Uint8Array>;

export function createReadBody({ bytes, tenantBytes, durationMs }: BodyLimits): ReadBody {
  const held = new Map<string, number>();

  function hold(tenant: string, change: number): number {
    const now = (held.get(tenant) ?? 0) + change;
    if (now === 0) held.delete(tenant);
    else held.set(tenant, now);
    return now;
  }

  return async (request, tenant) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const late = later('the time limit of a body', durationMs, () => request.destroy());
    try {
      // Do not destroy the request: the answer would be lost with its connection.
      for await (const each of request.iterator({ destroyOnReturn: false })) {
        const chunk = each as Uint8Array;
        chunks.push(chunk);
        length += chunk.byteLength;
        if (hold(tenant, chunk.byteLength) > tenantBytes)
          throw serviceError(
            Code.ResourceExhausted,
            'Errors.Request.TooMany',
            'ACTIONS-TooManyRequests',
            `more than ${tenantBytes} bytes are being sent at once; send the request again`,
          );
        if (length > bytes) break;
      }
      return Buffer.concat(chunks);
    } finally {
      clearTimeout(late);
      hold(tenant, -length);
    }
  };
}
