import { hash } from 'node:crypto';

/** The facts that distinguish a call of a target from every other. */
export interface CallIdentity {
  readonly kind: 'request' | 'response' | 'function' | 'event';
  /** Id of the event; for a request, response or function, id of the operation. */
  readonly operationID: string;
  /** The execution that won, not one that it includes. */
  readonly executionID: string;
  readonly targetID: string;
  /** Index in the expanded list, from 0: a target that is called twice gets two ids. */
  readonly place: number;
}

/**
 * The id of a call or of a delivery, from the facts that tell it from every other. 144 bits of SHA-256 in base64url, so
 * it holds no dot, which Standard Webhooks 1.0.0 forbids.
 */
export const idOfFacts = (facts: readonly (string | number)[]): string =>
  // JSON: with a plain separator, two different lists could give the same text.
  `msg_${hash('sha256', JSON.stringify(facts), 'base64url').slice(0, 24)}`;

/** The `webhook-id` of a call: the same for every attempt and in every process, and different for every other call. */
export const webhookID = ({ kind, operationID, executionID, targetID, place }: CallIdentity): string =>
  idOfFacts([kind, operationID, executionID, targetID, place]);
