import type { InterruptReason } from '../errors.js';
import type { HttpAnswer, JSONValue } from '../ports.js';
import type { HttpCall, HttpClient } from './calls/httpCall.js';
import { verdictOf } from './reporting/callReporter.js';
import type { Verdict } from './reporting/callReport.js';
import { createCallTarget, isFailedCall, type CallerOptions, type CallTarget } from './calls/callTarget.js';
import type { Outcome } from './answers/outcome.js';
import { judgeCall } from './judgeCall.js';
import { createSecretMask, type SecretMask } from './answers/secretMask.js';
import { keptBytes } from './keptBytes.js';
import type { Writable } from '../lib/writable.js';

/** One call of a rehearsal. Plain JSON. */
export interface RehearsedCall {
  /** The id of the target. */
  readonly targetID: string;
  /** Its name. */
  readonly name: string;
  /** Its type. */
  readonly type: 'webhook' | 'requestResponse' | 'async';
  /** The execution whose list names the target. */
  readonly executionID: string;
  /** `false` when the target is only observed: its answer is not applied. */
  readonly enforced: boolean;
  /** Absent where the call could not be made; `judgement` then says why. */
  readonly request?: {
    readonly method: 'POST';
    readonly endpoint: string;
    /** Values of the target's own headers are `***`, also where the target repeats them. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    /** How long the body is, where it is left out because of `keptBytes`; `body` is empty then. */
    readonly omittedBytes?: number;
  };
  /** The target's answer; absent where it was not called or did not answer. */
  readonly answer?: {
    readonly status: number;
    readonly contentType: string;
    readonly body: string;
    /** How long the body is, where it is left out because of `keptBytes`; `body` is empty then. */
    readonly omittedBytes?: number;
    readonly durationMs: number;
  };
  /** The judged outcome of the call; absent where the call was only rendered. */
  readonly judgement?: {
    readonly verdict: Verdict;
    readonly reason?: InterruptReason;
    readonly message?: string;
    /** The status that a verdict asks for: 400 to 499. */
    readonly forwardedStatus?: number;
    /** The content that the answer amends; left out together with the body of the answer. */
    readonly content?: JSONValue;
  };
}

const notSent: HttpAnswer = { status: 204, contentType: '', body: new Uint8Array(0) };

function judgementOf(
  outcome: Outcome,
  mask: SecretMask,
  isKept: boolean,
): NonNullable<RehearsedCall['judgement']> {
  const verdict = verdictOf[outcome.kind];
  if (outcome.kind === 'unchanged' || (outcome.kind === 'amended' && !isKept)) return { verdict };
  if (outcome.kind === 'amended') return { verdict, content: mask.value(outcome.content) };
  if (outcome.kind === 'failed') return { verdict, reason: outcome.reason, message: outcome.message };
  const { message, status } = outcome;
  return {
    verdict,
    reason: 'refused',
    forwardedStatus: status,
    ...(message !== undefined && { message: mask.text(message) }),
  };
}

function requestOf(
  endpoint: string,
  { extraHeaders = {} }: HttpCall,
  headers: Readonly<Record<string, string>>,
  body: { readonly body: string; readonly omittedBytes?: number },
) {
  const masked = Object.fromEntries(Object.keys(extraHeaders).map((name) => [name, '***']));
  return { method: 'POST' as const, endpoint, headers: { ...masked, ...headers }, ...body };
}

/** The calls of one rehearsal. */
interface CallRecorder {
  readonly callTarget: CallTarget;
  /** Masks the header values of all called targets in answers, judgements and amended content. */
  readonly mask: SecretMask;
  /** All calls, once the async calls have ended too. */
  finished(): Promise<readonly RehearsedCall[]>;
}

interface RecordingOptions extends CallerOptions {
  /** Makes calls through the queues and circuit breakers of real operations. */
  readonly callTarget: CallTarget;
}

/** What to record. */
interface Recording {
  /** Whether the calls are really made. */
  readonly send: boolean;
  /** The most bytes of bodies that are kept. @defaultValue no limit */
  readonly keptBytes?: number | undefined;
}

/** Makes each call, or only renders it, and records the request and the answer. */
export function recordCalls(options: RecordingOptions, { send, keptBytes: most }: Recording): CallRecorder {
  const calls: RehearsedCall[] = [];
  const running: Promise<unknown>[] = [];
  const mask = createSecretMask();
  const kept = keptBytes(most);
  const { clock, limits } = options;
  // A call that is only rendered takes no place, and does not count for a circuit breaker.
  const render = createCallTarget(options);

  /** An answer counts twice: once as received, once as the amended content. */
  const bodyOf = (bytes: number, times: number, text: () => string) =>
    kept.keeps(bytes * times) ? { body: mask.text(text()) } : { body: '', omittedBytes: bytes };

  function recordingPost(call: Writable<RehearsedCall>, endpoint: string): HttpClient['post'] {
    return async (outgoing) => {
      mask.hide(Object.values(outgoing.extraHeaders ?? {}));
      const headers = (body: string) => {
        const made = outgoing.headers(body);
        const kept = bodyOf(Buffer.byteLength(body), 1, () => body);
        call.request = requestOf(endpoint, outgoing, made, kept);
        return made;
      };
      if (!send) {
        headers(outgoing.body);
        return notSent;
      }
      const startedAt = clock.elapsed();
      const answer = await options.http.post({ ...outgoing, headers });
      call.answer = {
        status: answer.status,
        contentType: answer.contentType,
        ...bodyOf(answer.body.byteLength, 2, () => new TextDecoder().decode(answer.body)),
        durationMs: clock.elapsed() - startedAt,
      };
      return answer;
    };
  }

  const record: CallTarget = async (planned, timeoutMs, signal) => {
    const { targetID, executionID, target } = planned.resolved;
    const { name, type } = target;
    const call: Writable<RehearsedCall> = { targetID, name, type, executionID, enforced: planned.enforced };
    calls.push(call);
    const operation = { ...planned.operation, post: recordingPost(call, target.endpoint) };
    const callTarget = send ? options.callTarget : render;
    const answer = await callTarget({ ...planned, operation }, timeoutMs, signal);
    if (send || isFailedCall(answer)) {
      const isKept = call.answer?.omittedBytes === undefined;
      call.judgement = judgementOf(judgeCall(planned, answer, limits), mask, isKept);
    }
    // A call that cannot be rendered must not hide the others.
    return send ? answer : notSent;
  };

  return {
    mask,
    callTarget(planned, timeoutMs, signal) {
      const called = record(planned, timeoutMs, signal);
      running.push(called);
      return called;
    },
    async finished() {
      await Promise.allSettled(running);
      return calls;
    },
  };
}
