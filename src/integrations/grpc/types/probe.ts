import type { DescField } from '@bufbuild/protobuf';
import type { DescriptorProto, EnumDescriptorProto } from '@bufbuild/protobuf/wkt';
import { nameInObject } from './fieldNames.js';

/** A field on the path from the message of a method to the probed field. */
export type Path = readonly DescField[];

export type Serialize = (message: unknown) => unknown;

/** Sets a value at a field. */
function holding(field: DescField, define: (holder: object, key: string) => void): object {
  const name = nameInObject(field.proto);
  const object: Record<string, unknown> = {};
  if (field.fieldKind === 'list') {
    const list: unknown[] = [];
    define(list, '0');
    object[name] = list;
  } else if (field.fieldKind === 'map') {
    const map = {};
    define(map, '1');
    object[name] = map;
  } else define(object, name);
  return object;
}

/** Encodes a message with a value at the end of the path, to observe how proto-loader reads the value. */
function write(serialize: Serialize, path: Path, property: PropertyDescriptor): void {
  let message: object | undefined;
  for (const field of path.toReversed()) {
    const inner = message;
    message = holding(field, (holder, key) =>
      Object.defineProperty(holder, key, { enumerable: true, ...(inner ? { value: inner } : property) }),
    );
  }
  try {
    serialize(message);
  } catch {
    // Ignore the error: the message lacks required fields, and only the observed reads count.
  }
}

/**
 * The names of the fields that proto-loader reads from the message at the end of the path; `undefined` where it does not
 * read the message.
 */
function fieldsRead(serialize: Serialize, path: Path): ReadonlySet<string> | undefined {
  const read = new Set<string>();
  const state = { isReached: false };
  const value = new Proxy(
    {},
    {
      // proto-loader reads this name first for every message, also for a message without fields.
      getPrototypeOf() {
        state.isReached = true;
        return Object.prototype;
      },
      get(_target, name) {
        // proto-loader reads this name for every `google.protobuf.Any`; it is not a field.
        if (typeof name === 'string' && name !== '@type') read.add(name);
        return undefined;
      },
    },
  );
  write(serialize, path, { value });
  return state.isReached ? read : undefined;
}

/** Whether the enum at the end of the path has a value with this name: proto-loader reads an unknown name twice. */
function knowsName(serialize: Serialize, path: Path, name: string): boolean {
  let reads = 0;
  write(serialize, path, {
    get() {
      reads++;
      return name;
    },
  });
  return reads === 1;
}

/** The messages that have exactly the fields that proto-loader reads at the end of the path. */
export function messagesRead(
  serialize: Serialize,
  path: Path,
  messages: readonly DescriptorProto[],
): readonly DescriptorProto[] {
  const read = fieldsRead(serialize, path);
  if (!read) return [];
  return messages.filter(
    ({ field }) => field.length === read.size && field.every((each) => read.has(nameInObject(each))),
  );
}

/** The enums that have exactly the values that proto-loader knows at the end of the path. */
export function enumsRead(
  serialize: Serialize,
  path: Path,
  enums: readonly EnumDescriptorProto[],
): readonly EnumDescriptorProto[] {
  const all = new Set(enums.flatMap(({ value }) => value.map(({ name }) => name)));
  const known = new Set(Array.from(all).filter((name) => knowsName(serialize, path, name)));
  return enums.filter(
    ({ value }) => value.length === known.size && value.every(({ name }) => known.has(name)),
  );
}
