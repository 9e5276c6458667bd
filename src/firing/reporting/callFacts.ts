import { isSpanContextValid, trace } from '@opentelemetry/api';
import { forgetOldest } from '../../lib/forgetOldest.js';
import { callIDOf } from '../calls/callID.js';
import { isFailedCall, type CallTarget, type FailedCall, type TargetAnswer } from '../calls/callTarget.js';
import type { PlannedCall } from '../calls/operation.js';
import type { CapturedBody } from './capturedBody.js';
import type { CallFacts } from './callLog.js';
import type { CallReport } from './report.js';

/** Facts wait here from the answer to the report, which follows; those of a call that is cut off are never asked for. */
const mostWaiting = 1_000;

function traceIDOf(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? span.traceId : undefined;
}

function factsOf(
  { content, operation }: PlannedCall,
  answer: TargetAnswer | FailedCall,
  capture: CapturedBody | undefined,
): CallFacts {
  const traceID = traceIDOf();
  const body = isFailedCall(answer) ? undefined : answer.body;
  const secrets = isFailedCall(answer) ? undefined : answer.secrets;
  return {
    ...(content.json !== undefined && { contentBytes: Buffer.byteLength(content.json) }),
    ...(body && { answerBytes: body.byteLength }),
    ...(traceID !== undefined && { traceID }),
    ...(capture &&
      content.json !== undefined && { sentBody: capture(operation.render(content.json), secrets) }),
    ...(capture &&
      body &&
      body.byteLength > 0 && { answerBody: capture(Buffer.from(body).toString(), secrets) }),
  };
}

/** Notes the facts of calls until their reports ask for them. */
export function createCallFacts(capture: CapturedBody | undefined) {
  const waiting = new Map<string, CallFacts>();
  const keyOf = (callID: string, attempt: number): string => `${callID} ${attempt}`;

  return {
    noting:
      (callTarget: CallTarget): CallTarget =>
      async (planned, timeoutMs, signal) => {
        const answer = await callTarget(planned, timeoutMs, signal);
        waiting.set(
          keyOf(callIDOf(planned), planned.operation.attempt ?? 1),
          factsOf(planned, answer, capture),
        );
        forgetOldest(waiting, mostWaiting);
        return answer;
      },
    take({ callID, attempt }: CallReport): CallFacts | undefined {
      const key = keyOf(callID, attempt);
      const facts = waiting.get(key);
      waiting.delete(key);
      return facts;
    },
  };
}
