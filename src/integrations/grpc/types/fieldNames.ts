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
 * Gives the fields of a message the JSON names of protoc, and names that also differ in camel case, by which messages are
 * read. JSON may also use a field's name in the proto file, as Go does. The JSON name of an extension is its full name in
 * brackets.
 */
export function nameFields(message: DescriptorProto): void {
  const original = new Set(message.field.map(({ name }) => protoCamelCase(name)));
  const given = new Set(message.field.map(({ name }) => name));
  const taken = new Set<string>();
  for (const field of message.field) {
    const name = field.name;
    const camelCase = protoCamelCase(name);
    const isTaken = taken.has(camelCase);
    names.set(field, name);
    if (isExtensionValue(field)) field.jsonName = `[${name.slice(1)}]`;
    else field.jsonName = isTaken ? name : camelCase;
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
