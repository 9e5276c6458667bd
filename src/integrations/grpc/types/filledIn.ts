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
 * Takes the default value from a field: JSON depends on none, and proto-loader writes them in a form of its own. Notes whether
 * the field has the zero value where it is not set. Fields of proto2 never count: they alone are marked as not packed.
 */
export function takeDefault(field: FieldDescriptorProto): void {
  const isOfProto2 = field.options && isFieldSet(field.options, FieldOptionsSchema.field.packed);
  if (field.defaultValue === '' && field.label !== Label.REPEATED && !isOfProto2) zeroByDefault.add(field);
  clearField(field, FieldDescriptorProtoSchema.field.defaultValue);
  // An edition's own features: whether a field is set is told of every field, and the rest shows in its type.
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
    // A field is required: what is not on the wire is not read at all.
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

/** A copy without the fields that proto-loader may have set to their zero value. */
export function withoutFilledIn(type: DescMessage, message: Message): Message {
  const copy = clone(type, message);
  clearZeros(reflect(type, copy));
  return copy;
}
