import { hash } from 'node:crypto';

/** What tells one call of a target from every other. */
export interface CallIdentity {
  readonly kind: 'request' | 'response' | 'function' | 'event';
  /** Id of the event; of the operation for a request, response or function. */
  readonly operationID: string;
  /** The execution that won, not one it includes. */
  readonly executionID: string;
  readonly targetID: string;
  /** Place in the expanded list, from 0: a target that is called twice gets two ids. */
  readonly place: number;
}

/**
 * The `webhook-id` of a call: the same for every attempt and in every process, another for every other call. 144 bits of
 * SHA-256 in base64url, so it holds no dot, which Standard Webhooks 1.0.0 forbids.
 */
export function webhookID({ kind, operationID, executionID, targetID, place }: CallIdentity): string {
  // JSON, because joined with a separator two different calls could spell the same text.
  const identity = JSON.stringify([kind, operationID, executionID, targetID, place]);
  return `msg_${hash('sha256', identity, 'base64url').slice(0, 24)}`;
}
