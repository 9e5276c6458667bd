import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import type { Duration } from '@bufbuild/protobuf/wkt';
import { InvalidArgumentError } from '../../errors.js';
import { isWellFormed } from '../../lib/json/wellFormed.js';
import type { Version } from './rpcTable.js';

type Length = readonly [minimum: number, maximum: number];

const id: Length = [1, 200];
const name: Length = [1, 1_000];

/** Characters of texts, bytes of bytes; of each element where the field is a list. */
const lengths: Readonly<Record<string, Length>> = {
  'CreateTargetRequest.name': name,
  'CreateTargetRequest.endpoint': [1, 2_048],
  'UpdateTargetRequest.id': id,
  'UpdateTargetRequest.name': name,
  'UpdateTargetRequest.endpoint': [1, 2_048],
  'DeleteTargetRequest.id': id,
  'GetTargetRequest.id': id,
  'TargetNameFilter.target_name': [0, 200],
  'AddPublicKeyRequest.target_id': id,
  'AddPublicKeyRequest.public_key': [1, 8_192],
  'ActivatePublicKeyRequest.target_id': id,
  'ActivatePublicKeyRequest.key_id': id,
  'DeactivatePublicKeyRequest.target_id': id,
  'DeactivatePublicKeyRequest.key_id': id,
  'RemovePublicKeyRequest.target_id': id,
  'RemovePublicKeyRequest.key_id': id,
  'ListPublicKeysRequest.target_id': id,
  'KeyIDsFilter.ids': id,
  'RequestExecution.method': name,
  'RequestExecution.service': name,
  'ResponseExecution.method': name,
  'ResponseExecution.service': name,
  'FunctionExecution.name': name,
  'EventExecution.event': name,
  'EventExecution.group': name,
};
const lengthsOfBeta: Readonly<Record<string, Length>> = {
  ...lengths,
  'CreateTargetRequest.endpoint': [1, 1_000],
  'UpdateTargetRequest.endpoint': [1, 1_000],
};

/** Entries of any list. Filters are asked of every row. */
const mostItems = 1_000;
const mostFilters = 50;

const requiredOneofs: ReadonlySet<string> = new Set([
  'CreateTargetRequest.target_type',
  'Condition.condition_type',
  'RequestExecution.condition',
  'ResponseExecution.condition',
  'EventExecution.condition',
  'TargetSearchFilter.filter',
  'ExecutionSearchFilter.filter',
]);
const requiredMessages: ReadonlySet<string> = new Set(['SetExecutionRequest.condition']);
const uniqueLists: ReadonlySet<string> = new Set(['KeyIDsFilter.ids']);
const alwaysTrue: ReadonlySet<string> = new Set([
  'RequestExecution.all',
  'ResponseExecution.all',
  'EventExecution.all',
]);

/** The longest duration, in seconds. */
const longest: Readonly<Record<string, number>> = {
  'CreateTargetRequest.timeout': 270,
  'UpdateTargetRequest.timeout': 270,
  'UpdateTargetRequest.expiration_signing_key': 315_576_000_000,
};

type Fields = Readonly<Record<string, unknown>>;

const refuse = (field: string, rule: string): never => {
  throw new InvalidArgumentError(`${field} ${rule}; nothing was written`);
};

function checkLength(field: string, value: string | Uint8Array, [minimum, maximum]: Length): void {
  // A text of more than twice as many units certainly has too many characters.
  const isText = typeof value === 'string' && value.length <= 2 * maximum;
  const length = isText ? Array.from(value).length : value.length;
  if (length < minimum || length > maximum) refuse(field, `has a length of ${minimum} to ${maximum}`);
}

function checkDuration(field: string, { seconds, nanos }: Duration, most: number): void {
  if (seconds < 0n || nanos < 0 || nanos > 999_999_999) refuse(field, 'is a duration of at least 0 s');
  if (seconds > most || (seconds === BigInt(most) && nanos > 0)) refuse(field, `is at most ${most} s`);
}

function valueOf(message: Fields, field: DescField): unknown {
  if (!field.oneof) return message[field.localName];
  const chosen = message[field.oneof.localName] as { readonly case?: string; readonly value?: unknown };
  return chosen.case === field.localName ? chosen.value : undefined;
}

/** Checks one message and the messages in it. Their types nest only a few levels deep. */
function check(type: DescMessage, message: Fields, limits: Readonly<Record<string, Length>>): void {
  for (const oneof of type.oneofs) {
    const key = `${type.name}.${oneof.name}`;
    const chosen = message[oneof.localName] as { readonly case?: string } | undefined;
    if (requiredOneofs.has(key) && chosen?.case === undefined) refuse(key, 'is required');
  }
  for (const field of type.fields) {
    const key = `${type.name}.${field.name}`;
    const value = valueOf(message, field);
    if (value === undefined) {
      if (requiredMessages.has(key)) refuse(key, 'is required');
      continue;
    }
    const list = (Array.isArray(value) ? value : [value]) as readonly unknown[];
    const most = field.name === 'filters' ? mostFilters : mostItems;
    if (list.length > most) refuse(key, `has at most ${most} entries`);
    if (uniqueLists.has(key) && new Set(list).size < list.length) refuse(key, 'names something twice');
    if (alwaysTrue.has(key) && value !== true) refuse(key, 'is true');
    const longestDuration = longest[key];
    if (longestDuration !== undefined) checkDuration(key, value as Duration, longestDuration);
    for (const each of list) {
      if (typeof each === 'string' && !isWellFormed(each)) refuse(key, 'is not well-formed Unicode');
      const limit = limits[key];
      if (limit && (typeof each === 'string' || each instanceof Uint8Array)) checkLength(key, each, limit);
      if ((field.fieldKind === 'message' || field.fieldKind === 'list') && field.message)
        check(field.message, each as Fields, limits);
    }
  }
}

/**
 * The rules that ZITADEL's own proto files state for the fields of its requests.
 *
 * @throws {@link InvalidArgumentError} that names the field, and never its value
 */
export function checkFields(type: DescMessage, message: Message, version: Version): void {
  check(type, message, version === 'v2' ? lengths : lengthsOfBeta);
}
