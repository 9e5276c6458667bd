import { InvalidArgumentError } from '../../errors.js';
import type { EventPayload, FunctionPayload, RequestPayload, ResponsePayload } from './receivedCall.js';

/** A payload with the kind of condition it was sent for. */
type ParsedPayload<Content> =
  | { readonly kind: 'request'; readonly payload: RequestPayload<Content> }
  | { readonly kind: 'response'; readonly payload: ResponsePayload<Content> }
  | { readonly kind: 'function'; readonly payload: FunctionPayload }
  | { readonly kind: 'event'; readonly payload: EventPayload<Content> };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws {@link InvalidArgumentError} for bytes that are not UTF-8 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new InvalidArgumentError('the body of the call is not UTF-8');
  }
}

/**
 * Tells the kind of a body by its own fields: only a function has `function`, only an event `event_type`, and a
 * response is a request with `response`.
 *
 * @throws {@link InvalidArgumentError} for any other body
 */
export function parsePayload<Content>(text: string): ParsedPayload<Content> {
  const body = parseObject(text);
  const has = (name: string): boolean => Object.hasOwn(body, name) && typeof body[name] === 'string';
  if (has('function')) return { kind: 'function', payload: body as FunctionPayload };
  if (has('event_type')) return { kind: 'event', payload: body as unknown as EventPayload<Content> };
  if (!has('fullMethod'))
    throw new InvalidArgumentError(
      'the body of the call is none of a request, a response, a function and an event: it has no fullMethod, function or event_type',
    );
  return Object.hasOwn(body, 'response')
    ? { kind: 'response', payload: body as unknown as ResponsePayload<Content> }
    : { kind: 'request', payload: body as unknown as RequestPayload<Content> };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('the body of the call is not JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new InvalidArgumentError('the body of the call is not a JSON object');
  return body as Readonly<Record<string, unknown>>;
}
