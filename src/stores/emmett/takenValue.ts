/**
 * A copy of the objects and arrays of a value; everything else, a `Date` or an object of a class, is the caller's own. With a
 * list of what is left in place of recursion, since a store takes data thousands of levels deep.
 */
export function takenValue(value: unknown): unknown {
  const copies = new Map<object, object>();
  const left: (readonly [from: object, to: object])[] = [];

  function copyOf(given: unknown): unknown {
    if (!isPlain(given)) return given;
    const known = copies.get(given);
    if (known) return known;
    const copy = Array.isArray(given)
      ? new Array<unknown>(given.length)
      : (Object.create(Object.getPrototypeOf(given) as object | null) as object);
    copies.set(given, copy);
    left.push([given, copy]);
    return copy;
  }

  const taken = copyOf(value);
  for (let next = left.pop(); next; next = left.pop()) {
    const [from, to] = next;
    for (const [key, member] of Object.entries(from))
      // Not by assignment: `__proto__` is a name like any other.
      Object.defineProperty(to, key, {
        value: copyOf(member),
        configurable: true,
        enumerable: true,
        writable: true,
      });
  }
  return taken;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}
