import { isFailedCall, type FailedCall, type TargetAnswer } from './calls/callTarget.js';
import type { Operation, PlannedCall } from './calls/operation.js';
import { judgeAnswer, type AnswerLimits } from './answers/answer.js';
import type { Outcome } from './answers/outcome.js';
import { createSecretMask } from './answers/secretMask.js';

const nothingToAmend: Outcome = {
  kind: 'failed',
  reason: 'answer-invalid',
  message: 'it answered with content, but was sent none to amend',
};

/** Judges the outcome of a call in its operation: an answer, or a failure. */
export function judgeCall(
  planned: PlannedCall,
  answer: TargetAnswer | FailedCall,
  limits: AnswerLimits,
): Outcome {
  if (isFailedCall(answer)) return { kind: 'failed', ...answer };
  const { operation, resolved, content } = planned;
  const sent = { kind: operation.kind, json: content.json ?? 'null' };
  const outcome = judgeAnswer(resolved.target.type, answer, sent, withHiding(limits, answer.secrets));
  return { responseStatus: answer.status, ...(objectionTo(outcome, operation, sent.json) ?? outcome) };
}

/** Callers outside see a verdict's message: it must not show them the secrets of the call. */
function withHiding(limits: AnswerLimits, secrets: TargetAnswer['secrets']): AnswerLimits {
  if (!secrets) return limits;
  return {
    jsonDepth: limits.jsonDepth,
    forwardedMessageBytes: limits.forwardedMessageBytes,
    hide(text) {
      const mask = createSecretMask();
      mask.hide(secrets());
      return mask.text(text);
    },
  };
}

/** Why the operation does not accept the content that the target returned. */
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
