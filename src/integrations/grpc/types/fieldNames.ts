import type { DescriptorProto, FieldDescriptorProto } from '@bufbuild/protobuf/wkt';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';

const names = new WeakMap<FieldDescriptorProto, string>();

/** The name of a field in the objects of proto-loader. */
export const nameInObject = (field: FieldDescriptorProto): string => names.get(field) ?? field.name;

/** The name of an extension's field begins with a dot: it is the full name of the extension. */
export const isExtensionValue = (field: FieldDescriptorProto): boolean => field.name.startsWith('.');

/** Adds the first number that makes the name unique in camel case. */
export function freeName(taken: ReadonlySet<string>, name: string, from: number): string {
  for (let number = from; ; number++) if (!taken.has(`${name}${number}`)) return `${name}${number}`;
}

/** Guesses the original name: `customer_number` for `customerNumber`. */
const underscored = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * The JSON names of the fields, each once: protoc refuses two fields with one JSON name, but proto-loader does not. The
 * name in camel case belongs to the field that is written so, else to the first; any other keeps the name that it has.
 */
function jsonNamesOf(fields: readonly FieldDescriptorProto[]): ReadonlyMap<FieldDescriptorProto, string> {
  const found = new Map<FieldDescriptorProto, string>();
  const taken = new Set<string>();
  const give = (field: FieldDescriptorProto, name: string): void => {
    found.set(field, name);
    taken.add(name);
  };
  for (const field of fields) {
    if (isExtensionValue(field)) give(field, `[${field.name.slice(1)}]`);
    else if (protoCamelCase(field.name) === field.name) give(field, field.name);
  }
  for (const field of fields) {
    if (found.has(field)) continue;
    const camelCase = protoCamelCase(field.name);
    if (!taken.has(camelCase)) give(field, camelCase);
    else give(field, taken.has(field.name) ? freeName(taken, 'field', field.number) : field.name);
  }
  return found;
}

/**
 * Gives the fields of a message the JSON names of protoc, and names that also differ in camel case, by which messages are
 * read. JSON may also use a field's name in the proto file, as Go does. The JSON name of an extension is its full name in
 * brackets.
 */
export function nameFields(message: DescriptorProto): void {
  const original = new Set(message.field.map(({ name }) => protoCamelCase(name)));
  const given = new Set(message.field.map(({ name }) => name));
  const taken = new Set<string>();
  const jsonNames = jsonNamesOf(message.field);
  for (const field of message.field) {
    const name = field.name;
    const camelCase = protoCamelCase(name);
    const isTaken = taken.has(camelCase);
    names.set(field, name);
    field.jsonName = jsonNames.get(field) ?? camelCase;
    if (isTaken || isExtensionValue(field)) {
      field.name = freeName(original, 'field', field.number);
      original.add(field.name);
    } else {
      const inFile = underscored(name);
      if (!given.has(inFile) && protoCamelCase(inFile) === camelCase) field.name = inFile;
      given.add(field.name);
    }
    taken.add(camelCase);
  }
  for (const [place, oneof] of message.oneofDecl.entries()) {
    if (original.has(protoCamelCase(oneof.name))) oneof.name = freeName(original, 'oneof', place);
    original.add(protoCamelCase(oneof.name));
  }
}
