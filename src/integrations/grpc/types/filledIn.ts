import {
  clone,
  clearField,
  isFieldSet,
  type DescField,
  type DescMessage,
  type Message,
} from '@bufbuild/protobuf';
import { reflect, type ReflectMessage } from '@bufbuild/protobuf/reflect';
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  type FieldDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import { nameInObject } from './fieldNames.js';

const zeroByDefault = new WeakSet<FieldDescriptorProto>();

/**
 * Removes the default value of a field: JSON does not depend on it, and proto-loader writes it in a form of its own.
 * Records whether an unset field has the zero value. An unset field of proto2, recognised by its mark as not packed, never
 * has it.
 */
export function takeDefault(field: FieldDescriptorProto): void {
  const isOfProto2 = field.options && isFieldSet(field.options, FieldOptionsSchema.field.packed);
  if (field.defaultValue === '' && field.label !== Label.REPEATED && !isOfProto2) zeroByDefault.add(field);
  clearField(field, FieldDescriptorProtoSchema.field.defaultValue);
  // Drop the features of editions: every field states its presence, and its type shows the rest.
  if (field.options) clearField(field.options, FieldOptionsSchema.field.features);
}

/** Whether proto-loader sets fields that are not on the wire, as with its option `defaults`. */
export function fillsIn(type: DescMessage, deserialize: (bytes: Buffer) => unknown): boolean {
  try {
    const empty = deserialize(Buffer.alloc(0)) as Record<string, unknown>;
    return type.fields.some(
      (field) =>
        field.fieldKind !== 'list' && field.fieldKind !== 'map' && nameInObject(field.proto) in empty,
    );
  } catch {
    // The message has a required field that the probe's bytes lack: proto-loader refuses to read it.
    return false;
  }
}

const isZero = (value: unknown): boolean =>
  value === 0 ||
  value === 0n ||
  value === '' ||
  value === false ||
  (value instanceof Uint8Array && value.length === 0);

function clearWithin(value: unknown): void {
  if (typeof value === 'object' && value !== null && 'desc' in value) clearZeros(value as ReflectMessage);
}

function clearZero(message: ReflectMessage, field: DescField): void {
  switch (field.fieldKind) {
    case 'list':
      for (const item of message.get(field)) clearWithin(item);
      break;
    case 'map':
      for (const item of message.get(field).values()) clearWithin(item);
      break;
    case 'message':
      clearWithin(message.get(field));
      break;
    default:
      if (!field.oneof && zeroByDefault.has(field.proto) && isZero(message.get(field))) message.clear(field);
  }
}

function clearZeros(message: ReflectMessage): void {
  for (const field of message.fields) if (message.isSet(field)) clearZero(message, field);
}

/** A copy without fields with the zero value, which proto-loader may have filled in. */
export function withoutFilledIn(type: DescMessage, message: Message): Message {
  const copy = clone(type, message);
  clearZeros(reflect(type, copy));
  return copy;
}
