/**
 * The same object with other members in place of a few. Everything else reaches the original, functions bound to it, so
 * that private fields work and `instanceof` holds.
 */
export function override<Subject extends object>(subject: Subject, members: Partial<Subject>): Subject {
  const bound = new Map<PropertyKey, { readonly of: unknown; readonly to: unknown }>();
  return new Proxy(subject, {
    get(target, key) {
      if (Object.hasOwn(members, key)) return members[key as keyof Subject];
      const value: unknown = Reflect.get(target, key, target);
      // Classes are functions too, but are called with `new`, for which being bound would only lose their statics.
      if (typeof value !== 'function' || key === 'constructor') return value;
      const known = bound.get(key);
      if (known?.of === value) return known.to;
      const to: unknown = value.bind(target);
      bound.set(key, { of: value, to });
      return to;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}
