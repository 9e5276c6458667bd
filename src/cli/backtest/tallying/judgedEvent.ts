import type { JSONValue, RecordedEvent, Rehearsal, RehearsedCall } from '../../../index.js';
import { judgementMessage } from '../../shell/ownOptions.js';
import { changedFields, type ChangedFields } from './changedFields.js';

/**
 * The outcome of an event.
 *
 * - `planned`: targets would be called, but no call was made
 * - `passed`: appended unchanged
 * - `amended`: appended with a target's amendment
 * - `vetoed`: refused by a verdict
 * - `failed`: not appended because a target that interrupts failed, or the budget was spent
 */
export const eventOutcomes = ['planned', 'passed', 'amended', 'vetoed', 'failed'] as const;
export type EventOutcome = (typeof eventOutcomes)[number];

/** The outcome of one call; `refused` and `failed` stop an append only where the target interrupts and is enforced. */
export const callVerdicts = ['planned', 'passed', 'amended', 'refused', 'failed'] as const;
export type CallVerdict = (typeof callVerdicts)[number];

export interface JudgedCall {
  readonly targetID: string;
  readonly name: string;
  readonly enforced: boolean;
  readonly verdict: CallVerdict;
  /** HTTP status of the answer. */
  readonly status?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly changed?: ChangedFields | undefined;
}

export interface JudgedEvent {
  /** The execution that applied; absent where the command line named a target. */
  readonly executionID?: string | undefined;
  readonly outcome: EventOutcome;
  readonly calls: readonly JudgedCall[];
}

type Recorded = Pick<RecordedEvent, 'data'>;

/** Compares the content between calls: an answer that equals the sent content is not an amendment. */
function judgedCalls(calls: readonly RehearsedCall[], data: Recorded['data']): readonly JudgedCall[] {
  let content: JSONValue | undefined = data instanceof Uint8Array ? undefined : data;
  return calls.map(({ targetID, name, enforced, answer, judgement }) => {
    const call = { targetID, name, enforced, status: answer?.status, durationMs: answer?.durationMs };
    const { verdict = 'failed', reason, forwardedStatus } = judgement ?? {};
    const message = judgementMessage(reason, judgement?.message);
    if (verdict !== 'amended' || judgement?.content === undefined || content === undefined)
      return { ...call, verdict, reason, message, ...(forwardedStatus && { status: forwardedStatus }) };
    const changed = changedFields(content, judgement.content);
    if (enforced) content = judgement.content;
    return changed ? { ...call, verdict, changed } : { ...call, verdict: 'passed' };
  });
}

function outcomeOf({ outcome, calls }: Rehearsal, judged: readonly JudgedCall[]): EventOutcome {
  if (outcome?.kind === 'interrupted') {
    const isVeto =
      outcome.error.code === 'TARGET_INTERRUPTED' && calls.at(-1)?.judgement?.verdict === 'refused';
    return isVeto ? 'vetoed' : 'failed';
  }
  return judged.some(({ enforced, verdict }) => enforced && verdict === 'amended') ? 'amended' : 'passed';
}

/** The outcome of an event whose targets were called. */
export function judgedEvent(event: Recorded, rehearsal: Rehearsal): JudgedEvent {
  const calls = judgedCalls(rehearsal.calls, event.data);
  return { executionID: rehearsal.winner ?? '', outcome: outcomeOf(rehearsal, calls), calls };
}
