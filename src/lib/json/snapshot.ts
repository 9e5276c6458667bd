/** Whether `JSON.stringify` and `snapshot` read the members of a value: an array or a plain object, and without `toJSON`. */
export function isContainer(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isPlain = Array.isArray(value)
    ? prototype === Array.prototype
    : prototype === Object.prototype || prototype === null;
  return isPlain && typeof (value as { toJSON?: unknown }).toJSON !== 'function';
}

/** Copies dates and bytes; `instance` replaces an instance of any other class. */
function copyOfLeaf(value: object, instance: (value: object) => unknown): unknown {
  if (value instanceof Date && Object.getPrototypeOf(value) === Date.prototype)
    return new Date(value.getTime());
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    // `slice` of a Buffer would share the bytes.
    const slice = Uint8Array.prototype.slice as () => unknown;
    return value instanceof Uint8Array ? slice.call(value) : structuredClone(value);
  }
  return value instanceof ArrayBuffer ? value.slice(0) : instance(value);
}

/** The container that receives the copied members; `undefined` for a value without members. */
function emptyCopyOf(from: object): object | undefined {
  const prototype = Object.getPrototypeOf(from) as object | null;
  if (isContainer(from))
    return Array.isArray(from) ? new Array<unknown>(from.length) : (Object.create(prototype) as object);
  if (prototype === Map.prototype) return new Map<unknown, unknown>();
  return prototype === Set.prototype ? new Set<unknown>() : undefined;
}

/**
 * A copy of a value whose arrays, plain objects, maps, sets, dates and bytes are new, so that later changes of the
 * original have no effect on it. Cycles and shared references stay; takes no stack, however deep the value is.
 *
 * @param instance - the replacement of an instance of another class, which cannot be copied in general; by default
 * the instance itself
 */
export function snapshot<Value>(value: Value, instance: (value: object) => unknown = (same) => same): Value {
  const copies = new Map<object, unknown>();
  const pending: (readonly [from: object, to: object])[] = [];

  function copyOf(from: unknown): unknown {
    if (typeof from !== 'object' || from === null) return from;
    if (copies.has(from)) return copies.get(from);
    const to = emptyCopyOf(from);
    copies.set(from, to ?? copyOfLeaf(from, instance));
    if (to) pending.push([from, to]);
    return copies.get(from);
  }

  const result = copyOf(value);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [from, to]: readonly [object, object] = next;
    if (to instanceof Map) {
      for (const [key, each] of from as Map<unknown, unknown>) to.set(copyOf(key), copyOf(each));
    } else if (to instanceof Set) {
      for (const each of from as Set<unknown>) to.add(copyOf(each));
    } else {
      // Define the member: assigning to `__proto__` would change the prototype. A hole of an array stays a hole.
      for (const key of Reflect.ownKeys(from)) {
        if (key === 'length' && Array.isArray(from)) continue;
        const { enumerable = false } = Object.getOwnPropertyDescriptor(from, key) ?? {};
        const each = copyOf((from as Record<PropertyKey, unknown>)[key]);
        Object.defineProperty(to, key, { value: each, enumerable, writable: true, configurable: true });
      }
    }
  }
  return result as Value;
}
