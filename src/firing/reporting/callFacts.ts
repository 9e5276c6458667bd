import { isFailedCall, type FailedCall, type TargetAnswer } from '../calls/callTarget.js';
import type { PlannedCall } from '../calls/operation.js';
import { traceIDOf } from '../calls/traceIDs.js';
import type { CapturedBody } from './capturedBody.js';
import type { CallFacts } from './callLog.js';

/** A call with its answer or its failure. */
export interface EndedCall {
  readonly planned: PlannedCall;
  readonly answer: TargetAnswer | FailedCall;
}

/** The facts of a call that its report does not hold; its bodies where `capture` is given. */
export function factsOf({ planned, answer }: EndedCall, capture: CapturedBody | undefined): CallFacts {
  const { content, operation } = planned;
  const isFailed = isFailedCall(answer);
  const isSent = !(isFailed && answer.untried);
  const { body, secrets: read } = isFailed ? {} : answer;
  const secrets = capture && read?.();
  const traceID = traceIDOf(planned);
  const facts: { -readonly [Name in keyof CallFacts]: CallFacts[Name] } = {};
  if (content.json !== undefined) facts.contentBytes = Buffer.byteLength(content.json);
  if (body) facts.answerBytes = body.byteLength;
  if (traceID !== undefined) facts.traceID = traceID;
  if (capture && isSent && content.json !== undefined)
    facts.sentBody = capture(operation.render(content.json), secrets);
  if (capture && body && body.byteLength > 0)
    facts.answerBody = capture(Buffer.from(body).toString(), secrets);
  return facts;
}
