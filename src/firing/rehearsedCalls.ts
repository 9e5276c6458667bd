import type { InterruptReason } from '../errors.js';
import type { HttpAnswer, HttpCall, HttpClient, JSONValue } from '../ports.js';
import { verdictOf, type Verdict } from './callReport.js';
import { createCallTarget, isFailedCall, type CallerOptions, type CallTarget } from './callTarget.js';
import type { Outcome } from './interruption.js';
import { judgeTurn } from './judgeTurn.js';

/** One call of a rehearsal. Plain JSON. */
export interface RehearsedCall {
  readonly targetID: string;
  readonly name: string;
  readonly type: 'webhook' | 'requestResponse' | 'async';
  /** The execution whose list names the target. */
  readonly executionID: string;
  /** `false` when the target is only observed: what it says is not applied. */
  readonly enforced: boolean;
  /** Absent where it could not be made; `judgement` then says why. */
  readonly request?: {
    readonly method: 'POST';
    readonly endpoint: string;
    /** Values of the target's own headers are `***`. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly answer?: {
    readonly status: number;
    readonly contentType: string;
    readonly body: string;
    readonly durationMs: number;
  };
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

const notSent: HttpAnswer = { status: 204, contentType: '', body: new Uint8Array(0) };

function judgementOf(outcome: Outcome): RehearsedCall['judgement'] {
  const verdict = verdictOf[outcome.kind];
  if (outcome.kind === 'unchanged') return { verdict };
  if (outcome.kind === 'amended') return { verdict, content: outcome.content };
  if (outcome.kind === 'failed') return { verdict, reason: outcome.reason, message: outcome.message };
  const { message, status } = outcome;
  return { verdict, reason: 'refused', forwardedStatus: status, ...(message !== undefined && { message }) };
}

function requestOf(
  { endpoint, extraHeaders = {} }: HttpCall,
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

  function recordingClient(call: Writable<RehearsedCall>): HttpClient {
    return {
      async post(outgoing) {
        const headers = (body: string) => {
          const made = outgoing.headers(body);
          call.request = requestOf(outgoing, made, body);
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
          body: new TextDecoder().decode(answer.body),
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
    const callTarget = createCallTarget({ ...options, http: recordingClient(call) });
    const answer = await callTarget(turn, timeoutMs, signal);
    if (send || isFailedCall(answer)) {
      const judgement = judgementOf(judgeTurn(turn, answer, limits));
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
