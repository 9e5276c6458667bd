import { CallFailedError, type InterruptReason } from '../../errors.js';
import type { ResolvedTarget } from '../../execution/resolve.js';
import { isFailedCall, type FailedCall, type TargetAnswer } from '../../firing/calls/callTarget.js';
import type { EndedCall } from '../../firing/reporting/callFacts.js';
import type { Content, Operation, PlannedCall } from '../../firing/calls/operation.js';
import { eventBody } from '../../firing/calls/payload.js';
import { undialled, unsendable } from '../../firing/calls/unsentReasons.js';
import type { CallReport } from '../../firing/reporting/callReport.js';
import type { Clock, JSONValue, RecordedEvent } from '../../ports.js';
import type { ActionsAccess } from '../context/actionsAccess.js';
import { retryAfterMs } from '../policy/retry.js';
import { depthOf, type NamedEvent } from '../context/naming.js';

/** The outcome of one call. */
export type AttemptOutcome =
  | { readonly kind: 'delivered'; readonly status: number }
  /** No answer, or an answer other than 2xx; `retryAfterMs` where the target asks for a pause. */
  | {
      readonly kind: 'failed';
      readonly status: number;
      readonly reason: InterruptReason;
      readonly retryAfterMs: number | undefined;
    }
  /** The event can never be sent: it becomes a dead letter at once. */
  | { readonly kind: 'unsendable'; readonly reason: InterruptReason }
  /** A failure on our side, before anything was sent: not counted as an attempt. */
  | { readonly kind: 'ours'; readonly reason: InterruptReason }
  /** Aborted because the worker lost its right to call: not counted as an attempt. */
  | { readonly kind: 'aborted' };

/** One delivery that is due. */
export interface Attempt {
  readonly deliveryID: string;
  readonly event: RecordedEvent;
  readonly named: NamedEvent;
  readonly resolved: ResolvedTarget;
  readonly winner: string;
  /** The number of the attempt, from 1. */
  readonly number: number;
  readonly isReplay: boolean;
  readonly signal: AbortSignal;
  /** Whether the lease still holds. Asked right before the request is written. */
  readonly mayCall: () => boolean;
}

const askingForTime: ReadonlySet<number> = new Set([429, 503]);

function contentOf({ data }: RecordedEvent): Content {
  const value: JSONValue = data instanceof Uint8Array ? Buffer.from(data).toString('base64') : data;
  return { json: JSON.stringify(value) };
}

function operationOf(attempt: Attempt, assertMaySend: () => void): Operation {
  const { event, named, resolved } = attempt;
  const { caller, name } = named;
  return {
    kind: 'event',
    condition: `event/${name}`,
    instanceID: caller.instanceID,
    operationID: event.id,
    match: { winner: attempt.winner, targets: [resolved], skipped: [] },
    depth: depthOf(event),
    content: contentOf(event),
    render: eventBody(
      caller,
      {
        stream: event.stream,
        eventID: event.id,
        type: event.type,
        sequence: event.version,
        position: event.position,
        createdAt: event.created.getTime(),
        phase: 'committed',
      },
      event.data instanceof Uint8Array,
    ),
    attempt: attempt.number,
    isReplay: attempt.isReplay,
    ignoresAnswer: true,
    assertMaySend,
    signal: attempt.signal,
  };
}

/** Judges the answer to a delivery; only its status counts. */
function outcomeOf(answer: TargetAnswer | FailedCall, clock: Clock): AttemptOutcome {
  if (!isFailedCall(answer)) {
    const { status, retryAfter } = answer;
    if (status >= 200 && status < 300) return { kind: 'delivered', status };
    const asked = askingForTime.has(status) ? retryAfterMs(retryAfter, clock.now()) : undefined;
    return { kind: 'failed', status, reason: 'status', retryAfterMs: asked };
  }
  const { reason } = answer;
  if (unsendable.has(reason)) return { kind: 'unsendable', reason };
  if (undialled.has(reason)) return { kind: 'ours', reason };
  return { kind: 'failed', status: 0, reason, retryAfterMs: undefined };
}

/** Makes one call through the call path of all calls, and reports it. Never rejects. */
type MakeAttempt = (
  attempt: Attempt,
) => Promise<{ readonly outcome: AttemptOutcome; readonly durationMs: number }>;

export function createMakeAttempt({ callTarget, clock, report }: ActionsAccess): MakeAttempt {
  function tell(attempt: Attempt, ended: EndedCall, outcome: AttemptOutcome, durationMs: number): void {
    const { resolved, event } = attempt;
    const call: { -readonly [Name in keyof CallReport]: CallReport[Name] } = {
      kind: 'event',
      condition: ended.planned.operation.condition,
      executionID: resolved.executionID,
      instanceID: attempt.named.caller.instanceID,
      targetID: resolved.targetID,
      name: resolved.target.name,
      callID: ended.planned.callID,
      eventID: event.id,
      stream: event.stream,
      attempt: attempt.number,
      durationMs,
      verdict: outcome.kind === 'delivered' ? 'passed' : 'failed',
      enforced: true,
    };
    if ('status' in outcome && outcome.status > 0) call.status = outcome.status;
    if ('reason' in outcome) call.reason = outcome.reason;
    report(call, ended);
  }

  return async (attempt) => {
    const { resolved, signal, mayCall } = attempt;
    const startedAt = clock.elapsed();
    let isLate = false;
    const operation = operationOf(attempt, () => {
      if (mayCall()) return;
      isLate = true;
      throw new CallFailedError(
        'network',
        'the worker has lost the lease of the partition; nothing was sent',
      );
    });
    const wasLate = (): boolean => isLate;
    const { content } = operation;
    const callID = attempt.deliveryID;
    const planned: PlannedCall = { operation, resolved, place: 0, callID, content, enforced: true };
    let answer: TargetAnswer | FailedCall | undefined;
    try {
      answer = await callTarget(planned, resolved.target.timeoutMs, signal);
    } catch {
      // The call path rejects only with the reason of the signal.
    }
    const durationMs = clock.elapsed() - startedAt;
    if (answer === undefined || wasLate()) return { outcome: { kind: 'aborted' }, durationMs };
    const outcome = outcomeOf(answer, clock);
    tell(attempt, { planned, answer }, outcome, durationMs);
    return { outcome, durationMs };
  };
}
