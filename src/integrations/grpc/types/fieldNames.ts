import type { DescriptorProto, FieldDescriptorProto } from '@bufbuild/protobuf/wkt';
import { protoCamelCase } from '@bufbuild/protobuf/reflect';

const names = new WeakMap<FieldDescriptorProto, string>();

/** The name that a field has in the objects of proto-loader. */
export const nameInObject = (field: FieldDescriptorProto): string => names.get(field) ?? field.name;

/** Fields of an extended message begin with a dot: their name is the full name of the extension. */
export const isExtensionValue = (field: FieldDescriptorProto): boolean => field.name.startsWith('.');

/** The first of a name with a number behind it that is not taken, in camel case. */
export function freeName(taken: ReadonlySet<string>, name: string, from: number): string {
  for (let number = from; ; number++) if (!taken.has(`${name}${number}`)) return `${name}${number}`;
}

/** `customer_number` of `customerNumber`: the name that proto-loader made camel case of, as far as that can be told. */
const underscored = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Gives the fields of a message their names in JSON, as protoc makes them, and names that differ also in camel case, by which
 * messages are read. JSON may name a field as the proto file does, too: so writes Go. The name of an extension in JSON is its
 * full name in brackets.
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
