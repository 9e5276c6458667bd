import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import type { DescriptorProto, EnumDescriptorProto, FieldDescriptorProto } from '@bufbuild/protobuf/wkt';
import { InvalidArgumentError } from '../../../errors.js';
import { describedTypes, registryOf, type DescribedTypes, type UnclearField } from './describedTypes.js';
import { enumsRead, messagesRead, type Path, type Serialize } from './probe.js';

/** The message types of a method, and all types that were loaded with them. */
interface MethodTypes {
  readonly registry: FileRegistry;
  readonly input: DescMessage;
  readonly output: DescMessage;
}

/** Whether two types have the same fields and encoding, so that either can be used. */
const isAlike = (one: DescriptorProto, other: DescriptorProto): boolean =>
  one.field.length === other.field.length &&
  one.field.every((field, place) => {
    const its = other.field[place];
    return (
      its?.name === field.name &&
      its.number === field.number &&
      its.type === field.type &&
      its.label === field.label &&
      its.typeName === field.typeName
    );
  });

const hasSameValues = (one: EnumDescriptorProto, other: EnumDescriptorProto): boolean =>
  one.value.every(({ name, number }) =>
    other.value.some((value) => value.name === name && value.number === number),
  );

/** Finds the type that proto-loader uses among the candidates, from the way it encodes a message. */
function meantType({ names }: DescribedTypes, field: UnclearField, serialize: Serialize, path: Path): string {
  const isEnum = path.at(-1)?.enum !== undefined;
  const known: ReadonlyMap<string, DescriptorProto | EnumDescriptorProto> = isEnum
    ? names.enums
    : names.messages;
  const types = field.candidates.map((name) => known.get(name));
  const meant = isEnum
    ? enumsRead(serialize, path, types as EnumDescriptorProto[])
    : messagesRead(serialize, path, types as DescriptorProto[]);
  const [first, ...others] = meant;
  const isClear =
    first &&
    others.every((other) =>
      isEnum
        ? hasSameValues(first as EnumDescriptorProto, other as EnumDescriptorProto)
        : isAlike(first as DescriptorProto, other as DescriptorProto),
    );
  const name = isClear && field.candidates[types.indexOf(first)];
  if (name) return name;
  throw new InvalidArgumentError(
    `the field ${field.name} may be of type ${field.candidates.join(' or ')}, and @grpc/proto-loader does not say which: ` +
      'name one of them differently; the service was not guarded',
  );
}

/** The fields of a message and of all messages in it, each once for every message, with its path. */
function* fieldsWithin(message: DescMessage): Iterable<{ readonly field: DescField; readonly path: Path }> {
  const seen = new Set([message.typeName]);
  const queue: { readonly message: DescMessage; readonly path: Path }[] = [{ message, path: [] }];
  for (const next of queue)
    for (const field of next.message.fields) {
      const path = [...next.path, field];
      yield { field, path };
      if (!field.message || seen.has(field.message.typeName)) continue;
      seen.add(field.message.typeName);
      queue.push({ message: field.message, path });
    }
}

/** The descriptor with the type name of a field; for a map, the descriptor of its value. */
function namingField({ names }: DescribedTypes, field: DescField): FieldDescriptorProto {
  if (field.fieldKind !== 'map') return field.proto;
  return names.messages.get(field.proto.typeName.slice(1))?.field[1] ?? field.proto;
}

/** Determines the types of all fields of a message. Returns whether a type differs from the assumed one. */
function clarify(types: DescribedTypes, message: DescMessage, serialize: Serialize): boolean {
  for (const { field, path } of fieldsWithin(message)) {
    const naming = namingField(types, field);
    const unclear = types.unclear.get(naming);
    if (!unclear) continue;
    const name = `.${meantType(types, unclear, serialize, path)}`;
    types.unclear.delete(naming);
    if (naming.typeName === name) continue;
    naming.typeName = name;
    return true;
  }
  return false;
}

const registries = new WeakMap<DescribedTypes, FileRegistry>();

/**
 * Returns a function that gives the types of a method by its path; `undefined` where none are described.
 *
 * @throws {@link InvalidArgumentError} for descriptors that cannot be read or have a field of ambiguous type
 */
export function methodTypes(
  fileDescriptors: readonly Uint8Array[],
  path: string,
  serializers: { readonly request: Serialize; readonly response: Serialize },
): MethodTypes | undefined {
  const types = describedTypes(fileDescriptors);
  const method = types.methods.get(path);
  if (!method) return undefined;
  for (;;) {
    const registry = registries.get(types) ?? registryOf(types);
    registries.set(types, registry);
    const input = registry.getMessage(method.input);
    const output = registry.getMessage(method.output);
    if (!input || !output) return undefined;
    // Each round determines one field, so that the loop ends.
    if (clarify(types, input, serializers.request) || clarify(types, output, serializers.response))
      registries.delete(types);
    else return { registry, input, output };
  }
}
