import { webhookID } from '../../signing/webhookID.js';
import type { PlannedCall } from './operation.js';

const ids = new WeakMap<PlannedCall, string>();

/** The `webhook-id` of a call, computed once for the header and the report. */
export function callIDOf(planned: PlannedCall): string {
  const known = ids.get(planned);
  if (known !== undefined) return known;
  const { operation, resolved, place } = planned;
  const { kind, operationID, match } = operation;
  const { targetID } = resolved;
  const id = operation.callID ?? webhookID({ kind, operationID, executionID: match.winner, targetID, place });
  ids.set(planned, id);
  return id;
}
