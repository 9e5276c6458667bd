import { InvalidArgumentError } from '../errors.js';
import { reading } from '../lib/reading/reading.js';
import { isWellFormed } from '../lib/json/wellFormed.js';
import { shownName, shownType, shownValue } from '../lib/reading/shownValue.js';
import { shownText } from '../lib/shown/shownText.js';
import {
  writtenCondition,
  writtenEvent,
  writtenFunction,
  writtenMethod,
  writtenOccurrence,
} from './writtenForms.js';

/** When an execution applies. Exactly one of the kinds, and exactly one level of it. */
export type Condition =
  | { readonly request: MethodCondition }
  | { readonly response: MethodCondition }
  | { readonly function: { readonly name: string } }
  | { readonly event: EventCondition };

/** A method, a service, or all requests or responses. */
export type MethodCondition =
  { readonly method: string } | { readonly service: string } | { readonly all: true };

/** One event, a group of events, or all. */
export type EventCondition = { readonly event: string } | { readonly group: string } | { readonly all: true };

/**
 * An operation that conditions may match: a request, a response, a function call or an event. Methods are written
 * `/<service>/<method>`.
 */
export type Occurrence =
  | { readonly request: string }
  | { readonly response: string }
  | { readonly function: string }
  | { readonly event: string };

/** The kinds of occurrences. */
export const occurrenceKinds = ['request', 'response', 'function', 'event'] as const;
/** The kind of an occurrence. */
export type OccurrenceKind = (typeof occurrenceKinds)[number];

const maxSegmentLength = 1_000;
const groupSuffix = '.*';
const mostShown = 5;

const invalid = (reason: string): never => {
  throw new InvalidArgumentError(`${reason}; nothing was called or written`);
};

/** The longest text that an error repeats in the form to write. */
const longestWritten = 200;

/** The one allowed member that the object has. Each member is read once. `written` is the form to write for a text. */
function onlyMember(
  value: unknown,
  allowed: readonly string[],
  what: string,
  written: (text: string) => string,
): readonly [key: string, value: unknown] {
  return reading(what, () => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const isText = typeof value === 'string' && value !== '' && value.length <= longestWritten;
      const given = isText ? `the text ${shownText(value)}: write ${written(value)}` : shownType(value);
      return invalid(`${what} is an object with exactly one of ${allowed.join(', ')}, not ${given}`);
    }
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    const [member] = members;
    if (members.length !== 1 || member === undefined || !allowed.includes(member[0])) {
      const names = members.slice(0, mostShown).map(([name]) => shownName(name));
      return invalid(`${what} has exactly one of ${allowed.join(', ')}, not ${names.join(', ') || 'none'}`);
    }
    return member;
  });
}

function text(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '')
    return invalid(`${what} is a string that is not empty, not ${shownValue(value)}`);
  if (value.length > maxSegmentLength)
    return invalid(`${what} is longer than ${maxSegmentLength} characters`);
  return value;
}

/** Refuses a name that can never match. `advice` tells how to write a wildcard; the name of a function may hold one. */
function literal(value: string, what: string, advice: string | undefined): string {
  if (!isWellFormed(value)) return invalid(`${what} has half a surrogate pair, which no store can keep`);
  if (/(^|\/)\s|\s(\/|$)/u.test(value))
    return invalid(
      what === 'the method'
        ? `${what} ${shownText(value)} has blanks around a part of it; a method is written /<service>/<method>`
        : `${what} ${shownText(value)} has blanks around it; write ${shownText(value.trim())}`,
    );
  if (advice !== undefined && value.includes('*'))
    return invalid(`${what} ${shownText(value)} has a *, which is no wildcard here; ${advice}`);
  return value;
}

const methodAdvice = (kind: 'request' | 'response'): string =>
  `write { ${kind}: { service } } (${kind}/<service>) for all methods of a service, { ${kind}: { all: true } } (${kind}) for all`;
const eventAdvice =
  "write { event: { group: 'order' } } (event/order.*) for a group, { event: { all: true } } (event) for all";

function service(value: string): string {
  if (value.includes('/')) return invalid(`the service ${shownText(value)} contains a slash`);
  return value;
}

function method(value: string): string {
  const [name, operation, ...rest] = value.replace(/^\//, '').split('/');
  if (!name || !operation || rest.length > 0)
    return invalid(`the method ${shownText(value)} is not written /<service>/<method>`);
  return `${name}/${operation}`;
}

function segments(value: string, what: string): string {
  if (value.split('.').includes('')) return invalid(`${what} ${shownText(value)} has an empty segment`);
  return value;
}

function methodID(kind: 'request' | 'response', condition: unknown): string {
  const [level, value] = onlyMember(condition, ['method', 'service', 'all'], kind, (text) =>
    writtenMethod(kind, text),
  );
  switch (level) {
    case 'method':
      return `${kind}/${method(literal(text(value, 'method'), 'the method', methodAdvice(kind)))}`;
    case 'service':
      return `${kind}/${service(literal(text(value, 'service'), 'the service', methodAdvice(kind)))}`;
    default:
      return value === true ? kind : invalid(`all of ${kind} is true, not ${shownValue(value)}`);
  }
}

function eventID(condition: unknown): string {
  const [level, value] = onlyMember(condition, ['event', 'group', 'all'], 'event', writtenEvent);
  switch (level) {
    case 'event': {
      const name = segments(text(value, 'event'), 'the event');
      if (name.endsWith(groupSuffix))
        return invalid(`${shownText(name)} is a group: write { event: { group } }`);
      return `event/${literal(name, 'the event', eventAdvice)}`;
    }
    case 'group': {
      const group = text(value, 'group');
      const bare = group.endsWith(groupSuffix) ? group.slice(0, -groupSuffix.length) : group;
      if (bare.endsWith(groupSuffix))
        return invalid(`the group ${shownText(group)} ends in .* twice; leave both out`);
      const name = literal(text(bare, 'group'), 'the group', eventAdvice);
      return `event/${segments(name, 'the group')}${groupSuffix}`;
    }
    default:
      return value === true ? 'event' : invalid(`all of event is true, not ${shownValue(value)}`);
  }
}

/**
 * The id of the execution of a condition (rule M2): `request/<service>/<method>`, `event/<group>.*` and so on. A
 * leading slash of a method and a trailing `.*` of a group are normalised away first.
 *
 * @throws {@link InvalidArgumentError} when the condition has no kind, several kinds, or a malformed level
 */
export function executionID(condition: Condition): string {
  const [kind, value] = onlyMember(condition, occurrenceKinds, 'a condition', writtenCondition);
  switch (kind) {
    case 'request':
    case 'response':
      return methodID(kind, value);
    case 'function': {
      const [, name] = onlyMember(value, ['name'], 'function', writtenFunction);
      return `function/${literal(text(name, 'the name of a function'), 'the function', undefined)}`;
    }
    default:
      return eventID(value);
  }
}

/** The condition of an execution id: the inverse of {@link executionID}. @throws {@link InvalidArgumentError} */
export function conditionOf(id: string): Condition {
  text(id, 'an execution id');
  const condition = storedCondition(id);
  if (condition === undefined || executionID(condition) !== id)
    return invalid(
      `${shownText(id)} is not an execution id; examples: event/order.*, request/pkg.Service/Method`,
    );
  return condition;
}

/**
 * The condition of a stored execution id, also of one that would be refused today, such as `event/*`; `undefined` for a
 * text that was never an id.
 */
export function storedCondition(id: string): Condition | undefined {
  const slash = id.indexOf('/');
  return conditionOfParts(
    slash === -1 ? id : id.slice(0, slash),
    slash === -1 ? undefined : id.slice(slash + 1),
  );
}

function conditionOfParts(kind: string, rest: string | undefined): Condition | undefined {
  switch (kind) {
    case 'request':
    case 'response': {
      const level: MethodCondition =
        rest === undefined ? { all: true } : rest.includes('/') ? { method: rest } : { service: rest };
      return kind === 'request' ? { request: level } : { response: level };
    }
    case 'function':
      return rest === undefined ? undefined : { function: { name: rest } };
    case 'event':
      if (rest === undefined) return { event: { all: true } };
      return { event: rest.endsWith(groupSuffix) ? { group: rest } : { event: rest } };
    default:
      return undefined;
  }
}

/**
 * The ids that may match an event. A name longer than the longest condition has no groups: no condition could name
 * them.
 */
function eventCandidates(name: string): string[] {
  const ids = name.endsWith(groupSuffix) ? [] : [`event/${name}`];
  for (let dot = name.lastIndexOf('.', maxSegmentLength); dot > 0; dot = name.lastIndexOf('.', dot - 1))
    ids.push(`event/${name.slice(0, dot)}${groupSuffix}`);
  ids.push('event');
  return ids;
}

/** The kind of an occurrence and its name. @throws {@link InvalidArgumentError} */
export function occurrenceName(occurrence: Occurrence): {
  readonly kind: OccurrenceKind;
  readonly name: string;
} {
  const [key, value] = onlyMember(occurrence, occurrenceKinds, 'an occurrence', writtenOccurrence);
  const kind = key as OccurrenceKind;
  const name = text(value, `the name of the ${kind}`);
  return { kind, name: kind === 'request' || kind === 'response' ? `/${method(name)}` : name };
}

/**
 * The ids that may match, the most specific first (rules M1, M2): exact, then groups from the longest, then all; a
 * function only exactly. Whole segments are compared. Expects names as {@link occurrenceName} gives them.
 */
export function candidates(kind: OccurrenceKind, name: string): readonly string[] {
  if (kind === 'function') return [`function/${name}`];
  if (kind === 'event') return eventCandidates(name);
  const slash = name.lastIndexOf('/');
  return [`${kind}${name}`, `${kind}${name.slice(0, slash)}`, kind];
}
