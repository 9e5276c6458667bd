import type { HttpAnswer } from '../ports.js';
import { isFailedCall, type FailedCall } from './calls/callTarget.js';
import type { Operation, Turn } from './calls/operation.js';
import { judgeAnswer, type AnswerLimits } from './answers/answer.js';
import type { Outcome } from './answers/outcome.js';

const nothingToAmend: Outcome = {
  kind: 'failed',
  reason: 'answer-invalid',
  message: 'it answered with content where there was none to amend',
};

/** What an answer, or its absence, means in this operation. */
export function judgeCall(turn: Turn, answer: HttpAnswer | FailedCall, limits: AnswerLimits): Outcome {
  if (isFailedCall(answer)) return { kind: 'failed', ...answer };
  const { operation, resolved, content } = turn;
  const sent = { kind: operation.kind, json: content.json ?? 'null' };
  const outcome = judgeAnswer(resolved.target.type, answer, sent, limits);
  return { ...(objectionTo(outcome, operation, sent.json) ?? outcome), responseStatus: answer.status };
}

/** Why the operation does not accept what the target made of the content. */
function objectionTo(
  outcome: Outcome,
  { acceptsNull, objection }: Operation,
  sentJSON: string,
): Outcome | undefined {
  if (outcome.kind !== 'amended') return undefined;
  if (sentJSON === 'null' && !acceptsNull) return nothingToAmend;
  const objected = objection?.(outcome.content);
  return objected && { kind: 'failed', ...objected };
}
