import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';
import { nameInObject } from './types/fieldNames.js';
import { keyOfBool } from './types/wholeRequest.js';

/** A value of a field, a list or a map. */
function plainValue(value: unknown): unknown {
  // Pass 64-bit numbers as text, which proto-loader reads without loss.
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'object' && value !== null && 'desc' in value) return plain(value as ReflectMessage);
  return value;
}

const keyOfMap = (key: unknown): string => (typeof key === 'boolean' ? keyOfBool(String(key)) : String(key));

function plainField(message: ReflectMessage, field: DescField): unknown {
  switch (field.fieldKind) {
    case 'list':
      return Array.from(message.get(field), plainValue);
    case 'map': {
      const entries = Array.from(message.get(field).entries());
      return Object.fromEntries(entries.map(([key, value]) => [keyOfMap(key), plainValue(value)]));
    }
    default:
      return plainValue(message.get(field));
  }
}

function plain(message: ReflectMessage): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const field of message.fields)
    if (message.isSet(field)) object[nameInObject(field.proto)] = plainField(message, field);
  return object;
}

/** Turns a message into an object that proto-loader encodes to the same bytes under any load options. */
export const plainMessage = (type: DescMessage, message: Message): object => plain(reflect(type, message));
