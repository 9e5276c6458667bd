import { counted } from '../../lib/shown/figures.js';
import { callSecrets } from '../answers/callSecrets.js';
import { CallFailedError, isActionsError, type InterruptReason } from '../../errors.js';
import { isDeeperThan } from '../../lib/json/json.js';
import { depthHeaderName } from '../../lib/reading/depthHeader.js';
import type { Clock, HttpAnswer } from '../../ports.js';
import type { HttpClient } from './httpCall.js';
import { wrapBody } from '../../signing/envelope.js';
import type { Limits } from '../../limits.js';
import type { PlannedCall } from './operation.js';
import { signatureHeaders } from '../../signing/signature.js';
import type { SecretReader } from '../../signing/targetSecrets.js';
import { endpointOf } from './targetEndpoint.js';
import { traceHeaders } from './traceHeaders.js';
import { undialled } from './unsentReasons.js';
import type { EnvelopeReader } from '../../signing/targetEnvelope.js';

/** The answer of a target. */
export interface TargetAnswer extends HttpAnswer {
  /** The secrets of the call: they are masked where the answer repeats them. Read only where an answer is shown. */
  readonly secrets?: () => readonly string[];
}

/** A call without an answer. */
export interface FailedCall {
  readonly reason: InterruptReason;
  /** What went wrong. The message holds no text of the target. */
  readonly message: string;
  readonly cause?: unknown;
  /** Whether the target was not dialled: it was sent nothing, and the failure says nothing about it. */
  readonly untried: boolean;
}

export interface CallerOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly secrets: SecretReader;
  readonly envelopes: EnvelopeReader;
  readonly limits: Limits;
}

/**
 * Sends one call within `timeoutMs`; resolves with a `FailedCall` where there is no answer to judge. Rejects only with
 * the reason of `signal`.
 */
export type CallTarget = (
  planned: PlannedCall,
  timeoutMs: number,
  signal: AbortSignal | undefined,
) => Promise<TargetAnswer | FailedCall>;

/** Whether a text is longer than `bytes`. The bytes are counted only where the number of characters does not decide. */
function isLongerThan(text: string, bytes: number): boolean {
  if (text.length > bytes) return true;
  return text.length * 3 > bytes && Buffer.byteLength(text) > bytes;
}

export function createCallTarget({ http, clock, secrets, envelopes, limits }: CallerOptions): CallTarget {
  return async (planned, timeoutMs, signal) => {
    const { operation, resolved, content, callID } = planned;
    const { target, targetID } = resolved;
    const { instanceID, depth, isRehearsal, isReplay, assertMaySend, post = http.post } = operation;
    if (content.json === undefined)
      return {
        reason: 'content-invalid',
        message: `the content cannot be shown as JSON: ${content.problem}`,
        untried: true,
      };
    if (isLongerThan(content.json, limits.contentBytes))
      return {
        reason: 'content-too-large',
        message: `the content is larger than ${counted(limits.contentBytes, 'byte')}`,
        untried: true,
      };
    if (isDeeperThan(content.json, limits.jsonDepth))
      return {
        reason: 'content-invalid',
        message: `the content is JSON of more than ${counted(limits.jsonDepth, 'level')}`,
        untried: true,
      };
    const json = operation.render(content.json);
    if (isLongerThan(json, limits.bodyBytes))
      return {
        reason: 'content-too-large',
        message: `the body is larger than ${counted(limits.bodyBytes, 'byte')}`,
        untried: true,
      };
    try {
      const { signingKeys, headers } = secrets.read(instanceID, targetID, target);
      const envelope = envelopes.read(target, clock.now());
      const body = envelope.payloadType === 'json' ? json : await wrapBody(envelope, json);
      const endpoint = endpointOf(target);
      let sent: Readonly<Record<string, string>> = {};
      const answer = await post({
        endpoint,
        body,
        headers(finalBody) {
          const now = clock.now();
          sent = {
            'content-type': 'application/json',
            [depthHeaderName]: String(depth + 1),
            'actions-deadline-ms': String(Math.ceil(timeoutMs)),
            // Spread last: members after a spread cost many times as much.
            ...signatureHeaders(signingKeys(now), {
              id: callID,
              timestampSeconds: Math.floor(now / 1_000),
              body: finalBody,
            }),
            ...(isRehearsal && { 'actions-rehearsal': 'true' }),
            ...(isReplay && { 'actions-replay': 'true' }),
            ...traceHeaders(),
          };
          return sent;
        },
        extraHeaders: headers,
        instanceID,
        timeoutMs,
        answerBytes: limits.answerBytes,
        ...(operation.ignoresAnswer === true && { ignoresAnswer: true }),
        ...(assertMaySend && { assertMaySend }),
        ...(signal && { signal }),
      });
      const token = envelope.payloadType === 'json' ? {} : { token: body };
      const headerValues = Object.values(headers);
      return {
        secrets: () => callSecrets({ endpoint: target.endpoint, headers: sent, headerValues, ...token }),
        ...answer,
      };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      return failureOf(error);
    }
  };
}

function failureOf(error: unknown): FailedCall {
  if (isActionsError(error, 'CALL_FAILED'))
    return {
      reason: error.reason,
      message: error.message,
      cause: error,
      untried: error.untried || undialled.has(error.reason),
    };
  if (isActionsError(error, 'SECRET_UNREADABLE'))
    return { reason: 'secret-unreadable', message: error.message, cause: error, untried: true };
  if (isActionsError(error))
    return { reason: 'network', message: error.message, cause: error, untried: true };
  // The text of any other error may quote the request: it is not shown.
  const cause = new CallFailedError('network', 'the call failed before it was answered');
  return { reason: 'network', message: cause.message, cause, untried: false };
}

export const isFailedCall = (outcome: HttpAnswer | FailedCall): outcome is FailedCall => 'reason' in outcome;
