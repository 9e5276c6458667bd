import {
  FieldDescriptorProto_Type as Type,
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
} from '@bufbuild/protobuf/wkt';

export const joinName = (scope: string, name: string): string => (scope === '' ? name : `${scope}.${name}`);

/** The types of all files by full name. */
export interface TypeNames {
  readonly messages: ReadonlyMap<string, DescriptorProto>;
  readonly enums: ReadonlyMap<string, EnumDescriptorProto>;
}

/**
 * The possible full names of a field's type, innermost first. proto-loader shortens names as far as the scope allows, and
 * does not name the scope: `Price` may be a message beside the field or one that the file declares.
 */
export function candidates(
  names: TypeNames,
  scope: string,
  { type, typeName }: FieldDescriptorProto,
): string[] {
  const known: ReadonlyMap<string, unknown> = type === Type.ENUM ? names.enums : names.messages;
  if (typeName.startsWith('.')) return [typeName.slice(1)];
  const found: string[] = [];
  for (let at = scope; ; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const full = joinName(at, typeName);
    if (known.has(full)) found.push(full);
    if (at === '') return found;
  }
}
