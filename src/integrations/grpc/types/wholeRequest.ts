import { ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf';
import { isObject } from '../../../lib/json/isObject.js';
import { nameInObject } from './fieldNames.js';

type Fields = Readonly<Record<string, unknown>>;
type Convert = (value: unknown) => unknown;

/** proto-loader writes a 64-bit key as its eight bytes, one character each. */
const fromHash = (key: string, isSigned: boolean): string => {
  if (key.length !== 8) return key;
  const bytes = Buffer.from(key, 'latin1');
  return String(isSigned ? bytes.readBigInt64LE() : bytes.readBigUInt64LE());
};

/** The key that proto-loader encodes as this one: it takes any text but the empty one for true. */
export const keyOfBool = (key: string): string => (key === 'false' ? '' : key);

/** Converts a key as proto-loader reads it to the text that its encoder reads as that key. */
function keyConversion(type: ScalarType): ((key: string) => string) | undefined {
  switch (type) {
    case ScalarType.BOOL:
      return keyOfBool;
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return (key) => fromHash(key, true);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return (key) => fromHash(key, false);
    default:
      return undefined;
  }
}

const isUnclear = (type: DescMessage): boolean =>
  type.oneofs.some(({ fields }) => fields.length > 1) ||
  type.fields.some((field) => field.fieldKind === 'map' && keyConversion(field.mapKey) !== undefined);

const within = ({ fields }: DescMessage): readonly DescMessage[] =>
  fields.flatMap(({ message }) => message ?? []);

/** Whether the type, or one within it, has a oneof or a map for which proto-loader's own encoder loses something. */
function reachesUnclear(type: DescMessage): boolean {
  const seen = new Set([type]);
  for (const each of seen) {
    if (isUnclear(each)) return true;
    for (const inner of within(each)) seen.add(inner);
  }
  return false;
}

function refuseSeveral(type: DescMessage, object: Fields): void {
  for (const { name, fields } of type.oneofs) {
    const given = fields.filter((field) => (object[nameInObject(field.proto)] ?? null) !== null);
    if (given.length > 1)
      throw new Error(`it sets ${given.map(({ proto }) => nameInObject(proto)).join(' and ')} of ${name}`);
  }
}

function convertMap(keyType: ScalarType, message: Convert | undefined): Convert | undefined {
  const key = keyConversion(keyType);
  if (!key && !message) return undefined;
  return (map) =>
    isObject(map)
      ? Object.fromEntries(
          Object.entries(map).map(([name, value]) => [
            key ? key(name) : name,
            message ? message(value) : value,
          ]),
        )
      : map;
}

const convertField = (field: DescField, message: Convert): Convert =>
  field.fieldKind === 'list' ? (list) => (Array.isArray(list) ? list.map(message) : list) : message;

/** The conversion of a type's objects; `undefined` where nothing needs one. Types may contain themselves. */
function conversionOf(type: DescMessage, made: Map<DescMessage, Convert>): Convert | undefined {
  const known = made.get(type);
  if (known) return known;
  if (!reachesUnclear(type)) return undefined;
  const fields: (readonly [name: string, convert: Convert])[] = [];
  const convert: Convert = (object) => {
    if (!isObject(object)) return object;
    refuseSeveral(type, object);
    const copy: Record<string, unknown> = { ...object };
    for (const [name, convertField] of fields)
      if ((object[name] ?? null) !== null) copy[name] = convertField(object[name]);
    return copy;
  };
  made.set(type, convert);
  for (const field of type.fields) {
    const inner = field.message && conversionOf(field.message, made);
    const converted =
      field.fieldKind === 'map' ? convertMap(field.mapKey, inner) : inner && convertField(field, inner);
    if (converted) fields.push([nameInObject(field.proto), converted]);
  }
  return convert;
}

/**
 * proto-loader reads more of a request than it can encode: `false` of a map with bool keys becomes true, 64-bit keys become
 * 0, and of a oneof it reads every member that was sent, of which JSON has one. Targets would judge less than the handler
 * receives. The returned function gives the object a form that is encoded in full.
 *
 * @returns `undefined` for a type without such fields; the function throws for an object with two members of a oneof
 */
export const wholeRequest = (type: DescMessage): Convert | undefined => conversionOf(type, new Map());
