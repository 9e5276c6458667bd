import type { HttpAnswer } from '../../ports.js';
import { judgeAnswer, type AnswerLimits } from './answer.js';
import { isFailedCall, type FailedCall } from '../calls/callTarget.js';
import type { Outcome } from './interruption.js';
import type { Turn } from '../calls/operation.js';

/** What an answer, or its absence, means in this operation. */
export function judgeTurn(
  { operation, resolved, content }: Turn,
  answer: HttpAnswer | FailedCall,
  limits: AnswerLimits,
): Outcome {
  if (isFailedCall(answer)) return { kind: 'failed', ...answer };
  const responseStatus = answer.status;
  const judgement = judgeAnswer(resolved.target.type, answer, content.value, limits);
  if (judgement.kind !== 'amended') return { ...judgement, responseStatus };
  if (content.value === null && !operation.acceptsNull)
    return {
      kind: 'failed',
      reason: 'answer-invalid',
      message: 'it answered with content where there was none to amend',
      responseStatus,
    };
  const objection = operation.objection?.(judgement.content);
  return objection ? { kind: 'failed', ...objection, responseStatus } : { ...judgement, responseStatus };
}
