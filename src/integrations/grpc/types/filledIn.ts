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
 * Removes the default value of a field: JSON depends on none, and proto-loader writes them in its own form. Notes
 * whether an unset field has the zero value. Fields of proto2 never do: only they are marked as not packed.
 */
export function takeDefault(field: FieldDescriptorProto): void {
  const isOfProto2 = field.options && isFieldSet(field.options, FieldOptionsSchema.field.packed);
  if (field.defaultValue === '' && field.label !== Label.REPEATED && !isOfProto2) zeroByDefault.add(field);
  clearField(field, FieldDescriptorProtoSchema.field.defaultValue);
  // The features of an edition are not needed: presence is told for every field, and the rest shows in its type.
  if (field.options) clearField(field.options, FieldOptionsSchema.field.features);
}

/** Whether proto-loader sets fields that are not on the wire, as its option `defaults` asks for. */
export function fillsIn(type: DescMessage, deserialize: (bytes: Buffer) => unknown): boolean {
  try {
    const empty = deserialize(Buffer.alloc(0)) as Record<string, unknown>;
    return type.fields.some(
      (field) =>
        field.fieldKind !== 'list' && field.fieldKind !== 'map' && nameInObject(field.proto) in empty,
    );
  } catch {
    // A field is required: the probe's bytes lack it, so proto-loader reads nothing.
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

/** A copy without the fields that proto-loader may have filled in with their zero value. */
export function withoutFilledIn(type: DescMessage, message: Message): Message {
  const copy = clone(type, message);
  clearZeros(reflect(type, copy));
  return copy;
}
