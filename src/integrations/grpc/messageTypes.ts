import { create, createFileRegistry, fromBinary, type DescMessage, type Registry } from '@bufbuild/protobuf';
import {
  DescriptorProtoSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type DescriptorProto,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';

/** The types of a service's methods, by path: `/<service>/<method>`. */
export interface MessageTypes {
  readonly registry: Registry;
  readonly methods: ReadonlyMap<string, { readonly input: DescMessage; readonly output: DescMessage }>;
}

const typesOf = new WeakMap<readonly Uint8Array[], MessageTypes>();

const join = (scope: string, name: string): string => (scope === '' ? name : `${scope}.${name}`);

/** Every message and enum, nested ones too, by its full name. */
function addNames(names: Set<string>, scope: string, messages: readonly DescriptorProto[]): void {
  for (const message of messages) {
    const name = join(scope, message.name);
    names.add(name);
    for (const each of message.enumType) names.add(join(name, each.name));
    addNames(names, name, message.nestedType);
  }
}

/** The full name of a type that is named as a scope sees it: inner scopes hide outer ones. */
function qualify(names: ReadonlySet<string>, scope: string, name: string): string {
  if (name === '' || name.startsWith('.')) return name;
  for (let at = scope; ; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const full = join(at, name);
    if (names.has(full)) return `.${full}`;
    if (at === '') return `.${name}`;
  }
}

/** The name of a field in JSON, as protoc makes it. */
const jsonName = (name: string): string =>
  name.replaceAll(/_+(.?)/g, (_match, letter: string) => letter.toUpperCase());

function completeFields(
  names: ReadonlySet<string>,
  scope: string,
  messages: readonly DescriptorProto[],
): void {
  for (const message of messages) {
    const name = join(scope, message.name);
    for (const field of message.field) {
      field.typeName = qualify(names, name, field.typeName);
      field.jsonName ||= jsonName(field.name);
    }
    completeFields(names, name, message.nestedType);
  }
}

/** A package as a message that nests others, so that files may refer to each other in any order, or in circles. */
function packageAt(root: DescriptorProto, path: string): DescriptorProto {
  let parent = root;
  for (const name of path === '' ? [] : path.split('.')) {
    let child = parent.nestedType.find((each) => each.name === name);
    if (!child) parent.nestedType.push((child = create(DescriptorProtoSchema, { name })));
    parent = child;
  }
  return parent;
}

/**
 * The types that proto-loader describes. What it gives is not what protoc would: names are relative, files do not say what
 * they import and stand in no order, fields have no names in JSON. So all types are put into one file, packages as nesting messages: full names, which
 * are all that JSON depends on, stay what they are.
 */
export function messageTypes(fileDescriptors: readonly Uint8Array[]): MessageTypes {
  const known = typesOf.get(fileDescriptors);
  if (known) return known;
  const files: readonly FileDescriptorProto[] = fileDescriptors.map((bytes) =>
    fromBinary(FileDescriptorProtoSchema, bytes),
  );
  const names = new Set<string>();
  for (const file of files) {
    addNames(names, file.package, file.messageType);
    for (const each of file.enumType) names.add(join(file.package, each.name));
  }
  const root = create(DescriptorProtoSchema);
  for (const file of files) {
    completeFields(names, file.package, file.messageType);
    const at = packageAt(root, file.package);
    at.nestedType.push(...file.messageType);
    at.enumType.push(...file.enumType);
  }
  const registry = createFileRegistry(
    create(FileDescriptorSetSchema, {
      file: [
        {
          name: 'services.proto',
          syntax: 'proto3',
          messageType: root.nestedType,
          enumType: root.enumType,
        },
      ],
    }),
  );
  const methods = new Map<string, { input: DescMessage; output: DescMessage }>();
  for (const file of files)
    for (const service of file.service)
      for (const { name, inputType, outputType } of service.method) {
        const scope = join(file.package, service.name);
        const input = registry.getMessage(qualify(names, scope, inputType).slice(1));
        const output = registry.getMessage(qualify(names, scope, outputType).slice(1));
        if (input && output) methods.set(`/${scope}/${name}`, { input, output });
      }
  const types = { registry, methods };
  typesOf.set(fileDescriptors, types);
  return types;
}
