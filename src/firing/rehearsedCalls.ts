import type { InterruptReason } from '../errors.js';
import type { HttpAnswer, JSONValue } from '../ports.js';
import type { HttpCall, HttpClient } from './calls/httpCall.js';
import { verdictOf } from './reporting/callReport.js';
import type { Verdict } from './reporting/report.js';
import { createCallTarget, isFailedCall, type CallerOptions, type CallTarget } from './calls/callTarget.js';
import type { Outcome } from './answers/interruption.js';
import { judgeTurn } from './answers/judgeTurn.js';

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
  /** `false` when the target is only observed: what it says is not applied. */
  readonly enforced: boolean;
  /** Absent where it could not be made; `judgement` then says why. */
  readonly request?: {
    readonly method: 'POST';
    readonly endpoint: string;
    /** Values of the target's own headers are `***`, also where the target repeats them. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  /** What the target answered; absent where it was not called or did not answer. */
  readonly answer?: {
    readonly status: number;
    readonly contentType: string;
    readonly body: string;
    readonly durationMs: number;
  };
  /** What the answer, or its absence, means; absent where the call was only rendered. */
  readonly judgement?: {
    readonly verdict: Verdict;
    readonly reason?: InterruptReason;
    readonly message?: string;
    /** What a verdict asks the caller to be told: 400 to 499. */
    readonly forwardedStatus?: number;
    readonly content?: JSONValue;
  };
}

type Writable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** What is known of a call once it is made. */
interface Heard {
  mask: Mask;
}

const notSent: HttpAnswer = { status: 204, contentType: '', body: new Uint8Array(0) };

/** Shorter values of headers are no secrets, and would make holes in any text. */
const shortestSecret = 8;

type Mask = (text: string) => string;

/** Takes the values of the target's own headers out of what it says. */
function maskOf({ extraHeaders = {} }: HttpCall): Mask {
  const secrets = Object.values(extraHeaders).filter((value) => value.length >= shortestSecret);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
}

function maskContent(content: JSONValue, mask: Mask): JSONValue {
  if (typeof content === 'string') return mask(content);
  if (typeof content !== 'object' || content === null) return content;
  if (Array.isArray(content)) return content.map((each: JSONValue) => maskContent(each, mask));
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => [mask(name), maskContent(value, mask)]),
  );
}

function judgementOf(outcome: Outcome, mask: Mask): RehearsedCall['judgement'] {
  const verdict = verdictOf[outcome.kind];
  if (outcome.kind === 'unchanged') return { verdict };
  if (outcome.kind === 'amended') return { verdict, content: maskContent(outcome.content, mask) };
  if (outcome.kind === 'failed') return { verdict, reason: outcome.reason, message: outcome.message };
  const { message, status } = outcome;
  return {
    verdict,
    reason: 'refused',
    forwardedStatus: status,
    ...(message !== undefined && { message: mask(message) }),
  };
}

function requestOf(
  endpoint: string,
  { extraHeaders = {} }: HttpCall,
  headers: Readonly<Record<string, string>>,
  body: string,
) {
  const masked = Object.fromEntries(Object.keys(extraHeaders).map((name) => [name, '***']));
  return { method: 'POST' as const, endpoint, headers: { ...masked, ...headers }, body };
}

/** Calls, or only renders, and keeps what was sent and what came back. */
export function recordCalls(
  options: CallerOptions,
  send: boolean,
): {
  readonly callTarget: CallTarget;
  /** Everything, once the calls that nobody waited for have ended too. */
  finished(): Promise<readonly RehearsedCall[]>;
} {
  const calls: RehearsedCall[] = [];
  const running: Promise<unknown>[] = [];
  const { clock, limits } = options;

  function recordingClient(call: Writable<RehearsedCall>, endpoint: string, heard: Heard): HttpClient {
    return {
      async post(outgoing) {
        heard.mask = maskOf(outgoing);
        const headers = (body: string) => {
          const made = outgoing.headers(body);
          call.request = requestOf(endpoint, outgoing, made, body);
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
          body: heard.mask(new TextDecoder().decode(answer.body)),
          durationMs: clock.elapsed() - startedAt,
        };
        return answer;
      },
      close: () => undefined,
    };
  }

  const record: CallTarget = async (turn, timeoutMs, signal) => {
    const { targetID, executionID, target } = turn.resolved;
    const { name, type } = target;
    const call: Writable<RehearsedCall> = { targetID, name, type, executionID, enforced: turn.enforced };
    calls.push(call);
    const heard: Heard = { mask: (text) => text };
    const callTarget = createCallTarget({ ...options, http: recordingClient(call, target.endpoint, heard) });
    const answer = await callTarget(turn, timeoutMs, signal);
    if (send || isFailedCall(answer)) {
      const judgement = judgementOf(judgeTurn(turn, answer, limits), heard.mask);
      if (judgement) call.judgement = judgement;
    }
    // What cannot be rendered must not keep the rest from being shown.
    return send ? answer : notSent;
  };

  return {
    callTarget(turn, timeoutMs, signal) {
      const called = record(turn, timeoutMs, signal);
      running.push(called);
      return called;
    },
    async finished() {
      await Promise.allSettled(running);
      return calls;
    },
  };
}
