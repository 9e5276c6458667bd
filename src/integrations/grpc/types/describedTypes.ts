import { create, createFileRegistry, fromBinary, type FileRegistry } from '@bufbuild/protobuf';
import {
  DescriptorProtoSchema,
  Edition,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import { InvalidArgumentError } from '../../../errors.js';
import { isExtensionValue, nameFields } from './fieldNames.js';
import { takeDefault } from './filledIn.js';
import { isMapEntry, nameMapEntries } from './mapEntries.js';
import { candidates, joinName, type TypeNames } from './typeNames.js';

/** A field whose type name fits several types in its scope. */
export interface UnclearField {
  /** The message and the field. */
  readonly name: string;
  /** The full names of the possible types, innermost first. The first one is assumed until a probe finds another. */
  readonly candidates: readonly string[];
}

/** The types that proto-loader describes. */
export interface DescribedTypes {
  readonly names: TypeNames;
  readonly methods: ReadonlyMap<string, { readonly input: string; readonly output: string }>;
  readonly unclear: Map<FieldDescriptorProto, UnclearField>;
  /** The registry built from the current descriptors. */
  registry(): FileRegistry;
}

interface Collected extends TypeNames {
  readonly messages: Map<string, DescriptorProto>;
  readonly enums: Map<string, EnumDescriptorProto>;
}

function collect(
  names: Collected,
  scope: string,
  types: Pick<DescriptorProto, 'enumType' | 'nestedType'>,
): void {
  for (const each of types.enumType) names.enums.set(joinName(scope, each.name), each);
  for (const message of types.nestedType) {
    const name = joinName(scope, message.name);
    // An extension is declared in one message and is a field of another.
    message.field = message.field.filter((field) => field.extendee === '' || isExtensionValue(field));
    nameMapEntries(message, name);
    names.messages.set(name, message);
    collect(names, name, message);
  }
}

function resolveTypes(names: TypeNames, unclear: Map<FieldDescriptorProto, UnclearField>): void {
  for (const [scope, message] of names.messages)
    for (const field of message.field) {
      // Resolve the types of map entries in the scope of the message with the map.
      const from = isMapEntry(message) ? scope.slice(0, scope.lastIndexOf('.')) : scope;
      const name = `${scope}.${field.name}`;
      takeDefault(field);
      if (field.typeName === '') continue;
      const found = candidates(names, from, field);
      if (found.length > 1) unclear.set(field, { name, candidates: found });
      field.typeName = `.${found[0] ?? field.typeName}`;
    }
  for (const message of names.messages.values()) nameFields(message);
}

/** Makes a package a message that nests the others, so that files may refer to each other in any order and in cycles. */
function packageAt(root: DescriptorProto, path: string): DescriptorProto {
  let parent = root;
  for (const name of path === '' ? [] : path.split('.')) {
    let child = parent.nestedType.find((each) => each.name === name);
    if (!child) parent.nestedType.push((child = create(DescriptorProtoSchema, { name })));
    parent = child;
  }
  return parent;
}

const methodsOf = (files: readonly FileDescriptorProto[]): DescribedTypes['methods'] =>
  new Map(
    files.flatMap((file) =>
      file.service.flatMap((service) =>
        service.method.map(({ name, inputType, outputType }) => [
          `/${joinName(file.package, service.name)}/${name}`,
          // proto-loader writes these type names in full.
          { input: inputType.slice(1), output: outputType.slice(1) },
        ]),
      ),
    ),
  );

function describe(fileDescriptors: readonly Uint8Array[]): DescribedTypes {
  const files = fileDescriptors.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
  const root = create(DescriptorProtoSchema);
  for (const file of files) {
    const at = packageAt(root, file.package);
    at.nestedType.push(...file.messageType);
    at.enumType.push(...file.enumType);
  }
  const names: Collected = { messages: new Map(), enums: new Map() };
  collect(names, '', root);
  const unclear = new Map<FieldDescriptorProto, UnclearField>();
  resolveTypes(names, unclear);
  return {
    names,
    methods: methodsOf(files),
    unclear,
    registry: () =>
      createFileRegistry(
        create(FileDescriptorSetSchema, {
          file: [
            {
              name: 'services.proto',
              // proto-loader declares every file as proto3. With explicit presence on every field and open enums, messages
              // of proto2 and proto3 have the same bytes.
              syntax: 'editions',
              edition: Edition.EDITION_2023,
              messageType: root.nestedType,
              enumType: root.enumType,
            },
          ],
        }),
      ),
  };
}

const described = new WeakMap<readonly Uint8Array[], DescribedTypes>();

/**
 * Reads the types that proto-loader describes. Its descriptors differ from protoc's: names are relative, files do not list
 * their imports and have no order, fields have no JSON names, and extensions are among the fields. Therefore all types go
 * into one file, with packages as nesting messages: this keeps full names, the only part that JSON depends on.
 *
 * @throws {@link InvalidArgumentError} for descriptors that cannot be read
 */
export function describedTypes(fileDescriptors: readonly Uint8Array[]): DescribedTypes {
  let types = described.get(fileDescriptors);
  if (!types) described.set(fileDescriptors, (types = readable(() => describe(fileDescriptors))));
  return types;
}

/** @throws {@link InvalidArgumentError} */
export const registryOf = (types: DescribedTypes): FileRegistry => readable(() => types.registry());

function readable<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (cause) {
    throw new InvalidArgumentError(
      'the descriptors of the service cannot be read, so its messages cannot be written as JSON; ' +
        'the service was not guarded',
      { cause },
    );
  }
}
