/** A way into the arguments of a call: `[1, 'signal']` is the member `signal` of the second one. */
export type Path = readonly (string | number)[];

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Whether a place is, or lies in, one of some places. */
export const isWithin = (path: Path, places: readonly Path[]): boolean =>
  places.some((each) => each.every((key, at) => path[at] === key));

/**
 * Every place in the arguments: each argument, and each member of plain objects and arrays.
 *
 * @param whole - the places whose members are left out
 */
export function placesIn(value: unknown, whole: readonly Path[], path: Path = []): readonly Path[] {
  if (path.length > 0 && isWithin(path, whole)) return [path];
  const members: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : isPlain(value)
      ? Object.entries(value)
      : [];
  const inside = members.flatMap(([key, member]) => placesIn(member, whole, [...path, key]));
  return path.length === 0 ? inside : [path, ...inside];
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>>)[key], value);
}

/** The same arguments with another value at a place. The objects around the place are copied; all others stay. */
export function replacedAt(value: unknown, [key, ...rest]: Path, by: (held: unknown) => unknown): unknown {
  if (key === undefined) return by(value);
  const replaced = replacedAt((value as Readonly<Record<string, unknown>>)[key], rest, by);
  if (!Array.isArray(value)) return { ...(value as object), [key]: replaced };
  const copy = [...(value as readonly unknown[])];
  copy[Number(key)] = replaced;
  return copy;
}

export const isOptions = isPlain;
