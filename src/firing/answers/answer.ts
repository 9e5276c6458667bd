import type { InterruptReason } from '../../errors.js';
import type { OccurrenceKind } from '../../execution/condition.js';
import { isObject } from '../../lib/json/isObject.js';
import { jsonKind } from '../../lib/json/json.js';
import type { HttpAnswer, JSONValue } from '../../ports.js';
import type { TargetType } from '../../target/targetSchemas.js';
import { declaresJSON } from './contentType.js';
import { echoedEnvelope } from './echoedEnvelope.js';
import { parseJSON } from './jsonContent.js';
import type { Outcome } from './outcome.js';
import { readRefusal, withoutEmptyVerdict } from './refusal.js';

/** Bytes of a webhook's answer: it is only searched for a verdict. */
export const maxWebhookAnswerBytes = 65_536;

/** The sent content that the judgement of an answer depends on. */
interface SentContent {
  readonly kind: OccurrenceKind;
  /** The content as `JSON.stringify` wrote it. The answer has to have the same JSON kind. */
  readonly json: string;
}

export interface AnswerLimits {
  /** Levels of JSON. */
  readonly jsonDepth: number;
  /** Bytes of a verdict's message. */
  readonly forwardedMessageBytes: number;
  /** Takes secrets of the call out of a verdict's message. @defaultValue takes nothing out */
  readonly hide?: ((text: string) => string) | undefined;
}

const unchanged: Outcome = { kind: 'unchanged' };
/**
 * Replaces bytes that are not UTF-8 and skips a byte order mark: a refusal must not be lost because of the encoding of
 * its message.
 */
const lenientUTF8 = new TextDecoder('utf-8');

/** Judges a complete answer by the rules C2 to C4 of the design. Pure. */
export function judgeAnswer(
  type: TargetType,
  answer: HttpAnswer,
  sent: SentContent,
  limits: AnswerLimits,
): Outcome {
  const { status, body } = answer;
  if (status < 200 || status > 299) return failed('status', `it answered with status ${status}`);
  if (type === 'async' || body.byteLength === 0) return unchanged;
  if (type === 'requestResponse') return judgeContent(answer, sent, limits);
  if (body.byteLength > maxWebhookAnswerBytes)
    return failed('answer-too-large', `it answered with more than ${maxWebhookAnswerBytes} bytes`);
  return judgeVerdict(parseLeniently(body), sent.kind, limits).verdict ?? unchanged;
}

function judgeContent({ contentType, body }: HttpAnswer, sent: SentContent, limits: AnswerLimits): Outcome {
  if (!declaresJSON(contentType))
    return invalid('a body that is not declared as JSON (or text/plain) in UTF-8');
  const parsed = parseJSON(body, limits.jsonDepth, sent.json);
  if (parsed.problem !== undefined) return invalid(parsed.problem);
  const { verdict, value } = judgeVerdict(parsed.value, sent.kind, limits);
  if (verdict !== undefined) return verdict;
  if (sent.kind === 'function' && value === null) return unchanged;
  const problem = parsed.contentProblem ?? echoedEnvelope(value, sent) ?? kindProblem(value, sent.json);
  return problem === undefined ? { kind: 'amended', content: value } : invalid(problem);
}

const failed = (reason: InterruptReason, message: string): Outcome => ({ kind: 'failed', reason, message });
const invalid = (what: string): Outcome => failed('answer-invalid', `it answered with ${what}`);

/** The verdict in an answer, else the answer without members that only resemble a verdict. */
function judgeVerdict(
  given: JSONValue,
  kind: OccurrenceKind,
  limits: AnswerLimits,
): { readonly verdict?: Outcome; readonly value: JSONValue } {
  const value = kind === 'function' ? withoutEmptyVerdict(given) : given;
  const refusal = readRefusal(value, limits.forwardedMessageBytes, limits.hide);
  if (refusal === undefined) return { value };
  if (refusal.problem !== undefined) return { value, verdict: invalid(refusal.problem) };
  return { value, verdict: { kind: 'refused', ...refusal } };
}

/** A webhook may answer anything: only an object can hold a verdict, and an answer that is not JSON holds none. */
function parseLeniently(body: Uint8Array): JSONValue {
  const text = lenientUTF8.decode(body).trimStart();
  if (!text.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function kindProblem(value: JSONValue, sentJSON: string): string | undefined {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  const expected = jsonKind(sentJSON);
  if (expected === 'null')
    return kind === 'object' || kind === 'array'
      ? undefined
      : `${kind} where an object or an array is needed`;
  return kind === expected ? undefined : `${kind} where ${expected} belongs`;
}
