import { webhookID } from '../../signing/webhookID.js';
import type { PlannedCall } from './operation.js';

/** The `webhook-id` of a call that follows from its operation: the same for every attempt. */
export function callIDOf({
  operation,
  resolved,
  place,
}: Pick<PlannedCall, 'operation' | 'resolved' | 'place'>): string {
  const { kind, operationID, match } = operation;
  return webhookID({ kind, operationID, executionID: match.winner, targetID: resolved.targetID, place });
}
