import { calledBy, type AnswerRow, type Outcome } from './answerRow.js';

/**
 * Judges an answer as ZITADEL's code does: the status, the two names of a verdict, and then `protojson` (requests)
 * or `encoding/json` (functions). Events are called after they are stored.
 */

/** Fields of the message that the requests of the table have. */
const messageFields: Readonly<Record<string, string>> = { content: 'string', count: 'number' };

const statuses: ReadonlySet<number> = new Set([400, 401, 403, 404, 409, 429]);

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A value that Go can put into a `[]struct` or `[]string`: `null` is none. */
const isListOf = (value: unknown, type: 'object' | 'string'): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.every((each) => typeof each === type));

function ofRequest(body: string): Outcome {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'error';
  const hasTwice = Object.keys(messageFields).some((name) => body.split(`"${name}":`).length > 2);
  const fits = Object.entries(value).every(([name, field]) => typeof field === messageFields[name]);
  return fits && !hasTwice ? 'content' : 'error';
}

function ofFunction(body: string): Outcome {
  const value = parsed(body);
  if (value === null) return 'unchanged';
  if (typeof value !== 'object' || Array.isArray(value)) return 'error';
  const answer = value as Readonly<Record<string, unknown>>;
  const { append_claims: claims, set_user_metadata: metadata, append_log_claims: log } = answer;
  const fits = isListOf(claims, 'object') && isListOf(metadata, 'object') && isListOf(log, 'string');
  if (!fits) return 'error';
  return Array.isArray(claims) && claims.length > 0 ? 'content' : 'unchanged';
}

function forwarded(body: string): Outcome | undefined {
  const value = parsed(body);
  if (typeof value !== 'object' || value === null) return undefined;
  const { forwardedStatusCode: status = 0, forwardedErrorMessage: message = '' } = value as {
    readonly forwardedStatusCode?: number;
    readonly forwardedErrorMessage?: string;
  };
  if (status === 0 && message === '') return undefined;
  const text = message === '' ? '' : ` "${message}"`;
  if (status < 400 || status > 499) return `error${text}`;
  return `${statuses.has(status) ? status : 500}${text}`;
}

export function asZitadel(row: AnswerRow): Outcome {
  const { kind = 'request', type = 'requestResponse', answer } = row;
  const { status = 200, body = '', location } = answer;
  if (type === 'async' || kind === 'event') return 'unchanged';
  if (location !== undefined) return 'followed';
  if (status < 200 || status > 299) return 'error';
  const verdict = forwarded(body);
  if (verdict !== undefined) return verdict;
  if (body === '' || calledBy(row) === 'a webhook') return 'unchanged';
  return kind === 'function' ? ofFunction(body) : ofRequest(body);
}
