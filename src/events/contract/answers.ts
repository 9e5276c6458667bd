import { counted } from '../../lib/shown/figures.js';
import { EventStoreContractError, type EventStoreMember } from '../../errors.js';
import { shownType, shownValue } from '../../lib/reading/shownValue.js';
import type { AppendOptions, ReadOptions } from '../../ports.js';

type Fields = Readonly<Record<PropertyKey, unknown>>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** @throws {@link EventStoreContractError} */
function requirePart(
  member: EventStoreMember,
  what: string,
  value: unknown,
  type: 'bigint' | 'string',
): void {
  if (typeof value !== type)
    throw new EventStoreContractError(member, `${what} is ${shownType(value)} and not a ${type}`);
}

const isDate = (value: unknown): boolean => {
  const time: unknown =
    isFields(value) && typeof value['getTime'] === 'function' ? (value as unknown as Date).getTime() : NaN;
  return typeof time === 'number' && !Number.isNaN(time);
};

/** @throws {@link EventStoreContractError} for a value that is no recorded event */
function requireEvent(member: EventStoreMember, event: unknown): void {
  if (!isFields(event)) throw new EventStoreContractError(member, `an event is ${shownType(event)}`);
  for (const name of ['stream', 'id', 'type'] as const)
    requirePart(member, `the ${name} of an event`, event[name], 'string');
  for (const name of ['version', 'position'] as const)
    requirePart(member, `the ${name} of an event`, event[name], 'bigint');
  if (!isDate(event['created']))
    throw new EventStoreContractError(member, 'the field created of an event is no valid Date');
}

/** @throws {@link EventStoreContractError} for a value that is no message of a subscription */
export function requireMessage(message: unknown): void {
  if (!isFields(message))
    throw new EventStoreContractError('subscribe', `a message is ${shownType(message)}`);
  if ('stream' in message) requireEvent('subscribe', message);
  else if ('checkpoint' in message)
    requirePart('subscribe', 'the field checkpoint of a message', message['checkpoint'], 'bigint');
  else if (!('caughtUp' in message))
    throw new EventStoreContractError('subscribe', 'a message has none of stream, caughtUp and checkpoint');
  else if (message['position'] !== undefined)
    requirePart('subscribe', 'the position of a message', message['position'], 'bigint');
}

/** @throws {@link EventStoreContractError} for a value that is no result of an append */
export function requireAppendResult(
  result: unknown,
  isEmpty: boolean,
  options: AppendOptions | undefined,
): void {
  if (!isFields(result)) throw new EventStoreContractError('append', `it resolved to ${shownType(result)}`);
  const { version, position } = result;
  requirePart('append', 'the version that it resolved to', version, 'bigint');
  if (position !== undefined) requirePart('append', 'the position that it resolved to', position, 'bigint');
  const expected = options?.expectedVersion;
  if (!isEmpty && typeof expected === 'bigint' && (version as bigint) <= expected)
    throw new EventStoreContractError(
      'append',
      `it resolved to version ${shownValue(version)} for an append after version ${shownValue(expected)}`,
    );
}

/** @throws {@link EventStoreContractError} for a value that is no position */
export function requireHead(head: unknown): bigint {
  requirePart('head', 'the position that it resolved to', head, 'bigint');
  return head as bigint;
}

/** A check of the events of one read, in their order. @throws {@link EventStoreContractError} */
export function checkRead(options: ReadOptions | undefined): (event: unknown) => void {
  const isBackwards = options?.direction === 'backwards';
  const isAfter = (version: bigint, other: bigint) => (isBackwards ? version < other : version > other);
  let last: bigint | undefined;
  let count = 0;
  return (event) => {
    requireEvent('readStream', event);
    const { version } = event as { readonly version: bigint };
    const wrong = (problem: string) =>
      new EventStoreContractError('readStream', `it gave version ${version} ${problem}`);
    if (last !== undefined && !isAfter(version, last)) throw wrong(`after version ${last}`);
    if (options?.from !== undefined && isAfter(options.from, version))
      throw wrong(`of a read from version ${options.from} ${isBackwards ? 'backwards' : 'forwards'}`);
    if (options?.limit !== undefined && ++count > options.limit)
      throw wrong(`after the ${counted(options.limit, 'event')} that the limit asks for`);
    last = version;
  };
}
