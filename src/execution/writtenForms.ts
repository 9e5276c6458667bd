import { shownText } from '../lib/shown/shownText.js';

/** The form of an execution id: its kind, and the rest where there is one. */
const idForm = /^(request|response|event|function)(?:\/(.*))?$/s;
const groupSuffix = '.*';
/** Texts by which a writer means every occurrence of a kind. */
const everything: ReadonlySet<string> = new Set(['all', '*', 'true']);
const writtenAll = (kind: string): string => `{ ${kind}: { all: true } }`;

/** The form to write for a text in place of the level of an event condition: a group for `order.*`. */
export function writtenEvent(text: string): string {
  if (everything.has(text)) return writtenAll('event');
  if (!text.endsWith(groupSuffix)) return `{ event: { event: ${shownText(text)} } }`;
  return `{ event: { group: ${shownText(text.slice(0, -groupSuffix.length))} } }`;
}

/** The form to write for a text in place of the level of a request or a response: a service has no slash. */
export function writtenMethod(kind: string, text: string): string {
  if (everything.has(text)) return writtenAll(kind);
  return `{ ${kind}: { ${text.replace(/^\//, '').includes('/') ? 'method' : 'service'}: ${shownText(text)} } }`;
}

/** The form to write for a text in place of the name of a function. */
export const writtenFunction = (text: string): string => `{ function: { name: ${shownText(text)} } }`;

/** The form to write for a text in place of a condition: an execution id, a method, or else the name of an event. */
export function writtenCondition(text: string): string {
  if (text.startsWith('/')) return writtenMethod('request', text);
  const [, kind, name] = idForm.exec(text) ?? [];
  if (kind === undefined) return writtenEvent(text);
  if (name === undefined || name === '') return writtenAll(kind);
  if (kind === 'function') return writtenFunction(name);
  return kind === 'event' ? writtenEvent(name) : writtenMethod(kind, name);
}

/** The form to write for a text in place of an occurrence: an execution id, a method, or else the name of an event. */
export function writtenOccurrence(text: string): string {
  if (text.startsWith('/')) return `{ request: ${shownText(text)} }`;
  const [, kind = 'event', name = text] = idForm.exec(text) ?? [];
  return `{ ${kind}: ${shownText(name)} }`;
}
