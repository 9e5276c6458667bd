import { webhookID } from '../../signing/callID.js';
import type { Turn } from './operation.js';

const ids = new WeakMap<Turn, string>();

/** The `webhook-id` of a call, computed once for the header and the report. */
export function callIDOf(turn: Turn): string {
  const known = ids.get(turn);
  if (known !== undefined) return known;
  const { operation, resolved, place } = turn;
  const { kind, operationID, match } = operation;
  const { targetID } = resolved;
  const id = operation.callID ?? webhookID({ kind, operationID, executionID: match.winner, targetID, place });
  ids.set(turn, id);
  return id;
}
