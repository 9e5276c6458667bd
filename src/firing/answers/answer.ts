import type { InterruptReason } from '../../errors.js';
import type { HttpAnswer, JSONValue } from '../../ports.js';
import { declaresJSON } from './contentType.js';
import { parseJSON } from './jsonContent.js';
import { readVerdict } from './verdict.js';

/** Bytes of a webhook's answer: it is read for a verdict only. */
export const maxWebhookAnswerBytes = 65_536;

/** What an answer means for the content. */
export type Judgement =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'amended'; readonly content: JSONValue }
  /** A verdict: the target refuses on purpose. */
  | { readonly kind: 'refused'; readonly status: number; readonly message?: string }
  /** An error of the target. The message never quotes what it said. */
  | {
      readonly kind: 'failed';
      readonly reason: InterruptReason;
      readonly message: string;
      readonly responseStatus?: number;
    };

export interface AnswerLimits {
  /** Levels of JSON. */
  readonly jsonDepth: number;
  /** Bytes of a verdict's message. */
  readonly forwardedMessageBytes: number;
}

const unchanged: Judgement = { kind: 'unchanged' };
/** Not fatal, and passing over a byte order mark: a refusal should not be lost to the spelling of its message. */
const lenientUTF8 = new TextDecoder('utf-8');

/**
 * Judges a complete answer by the rules C2 to C4 of the design. Pure.
 *
 * @param replaces - the content that was sent. Its JSON kind is what an amended one has to have; `null` (a request without
 *   a body) may become an object or an array.
 */
export function judgeAnswer(
  type: 'webhook' | 'requestResponse' | 'async',
  answer: HttpAnswer,
  replaces: JSONValue,
  limits: AnswerLimits,
): Judgement {
  const { status, body } = answer;
  const failed = (reason: InterruptReason, message: string): Judgement => ({
    kind: 'failed',
    reason,
    message,
    responseStatus: status,
  });
  if (status < 200 || status > 299) return failed('status', `it answered with status ${status}`);
  if (type === 'async' || body.byteLength === 0) return unchanged;
  if (type === 'webhook') {
    if (body.byteLength > maxWebhookAnswerBytes)
      return failed('answer-too-large', `it answered with more than ${maxWebhookAnswerBytes} bytes`);
    return judgeVerdict(parseLeniently(body), limits, failed) ?? unchanged;
  }
  if (!declaresJSON(answer.contentType))
    return failed('answer-invalid', 'it answered with a body that is not declared as JSON in UTF-8');
  const parsed = parseJSON(body, limits.jsonDepth);
  if (parsed.problem !== undefined) return failed('answer-invalid', `it answered with ${parsed.problem}`);
  const verdict = judgeVerdict(parsed.value, limits, failed);
  if (verdict !== undefined) return verdict;
  const mismatch = parsed.contentProblem ?? kindProblem(parsed.value, replaces);
  if (mismatch !== undefined) return failed('answer-invalid', `it answered with ${mismatch}`);
  return { kind: 'amended', content: parsed.value };
}

function judgeVerdict(
  value: unknown,
  limits: AnswerLimits,
  failed: (reason: InterruptReason, message: string) => Judgement,
): Judgement | undefined {
  const verdict = readVerdict(value, limits.forwardedMessageBytes);
  if (verdict === undefined) return undefined;
  if (verdict.problem !== undefined) return failed('answer-invalid', `it answered with ${verdict.problem}`);
  return { kind: 'refused', ...verdict };
}

/** A webhook may answer what it likes: only an object can hold a verdict, and what is not JSON is none. */
function parseLeniently(body: Uint8Array): unknown {
  const text = lenientUTF8.decode(body).trimStart();
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function kindProblem(value: JSONValue, replaces: JSONValue): string | undefined {
  const [kind, expected] = [kindOf(value), kindOf(replaces)];
  if (expected === 'null')
    return kind === 'object' || kind === 'array' ? undefined : `${kind} where an object or an array belongs`;
  return kind === expected ? undefined : `${kind} where ${expected} belongs`;
}

function kindOf(value: JSONValue): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
