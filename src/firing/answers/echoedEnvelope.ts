import type { OccurrenceKind } from '../../execution/condition.js';
import { isObject } from '../../lib/json/isObject.js';
import type { JSONValue } from '../../ports.js';

/** Two members that only the body of a call has side by side, not content, and the member that holds the content. */
const envelopes: Readonly<
  Partial<Record<OccurrenceKind, readonly [marks: readonly string[], content: string]>>
> = {
  event: [['event_type', 'event_payload'], 'event_payload'],
  request: [['fullMethod', 'request'], 'request'],
  response: [['fullMethod', 'request'], 'response'],
};

/**
 * Why an answer is refused that repeats the whole body of the call in place of its content: it would be stored as
 * content. `undefined` where the content itself has these members.
 */
export function echoedEnvelope(
  answer: JSONValue,
  sent: { readonly kind: OccurrenceKind; readonly json: string },
): string | undefined {
  const [marks, content] = envelopes[sent.kind] ?? [];
  if (marks === undefined || !hasAll(answer, marks)) return undefined;
  if (hasAll(JSON.parse(sent.json) as JSONValue, marks)) return undefined;
  return `the body that it was sent, members ${marks.join(' and ')} included: it has to answer with the value of ${content} alone`;
}

const hasAll = (value: JSONValue, names: readonly string[]): boolean =>
  isObject(value) && names.every((name) => Object.hasOwn(value, name));
