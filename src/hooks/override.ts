/**
 * The same object with a few members replaced. Every other member is the original's, with functions bound to it, so
 * that private fields work; `instanceof` holds, and `in` and `Object.keys` see the same members.
 */
export function override<Subject extends object>(subject: Subject, members: Partial<Subject>): Subject {
  const bound = new Map<PropertyKey, { readonly of: unknown; readonly to: unknown }>();
  // The proxy wraps a stand-in: a proxy of a frozen object must not show other members than the object has.
  const stand = Object.create(Reflect.getPrototypeOf(subject)) as Subject;

  function get(key: PropertyKey): unknown {
    if (Object.hasOwn(members, key)) return members[key as keyof Subject];
    const value: unknown = Reflect.get(subject, key, subject);
    // Classes are functions too, but are called with `new`; binding them would only lose their static members.
    if (typeof value !== 'function' || key === 'constructor') return value;
    const known = bound.get(key);
    if (known?.of === value) return known.to;
    const to: unknown = value.bind(subject);
    bound.set(key, { of: value, to });
    return to;
  }

  return new Proxy(stand, {
    get: (_stand, key) => get(key),
    set: (_stand, key, value) => Reflect.set(subject, key, value, subject),
    has: (_stand, key) => Reflect.has(subject, key),
    deleteProperty: (_stand, key) => Reflect.deleteProperty(subject, key),
    ownKeys: () => Reflect.ownKeys(subject),
    getOwnPropertyDescriptor(_stand, key) {
      const own = Reflect.getOwnPropertyDescriptor(subject, key);
      return (
        own && { value: get(key), enumerable: own.enumerable === true, writable: true, configurable: true }
      );
    },
  });
}
