import { isOptions, isWithin, placesIn, replacedAt, valueAt, type Path } from './places.js';
import type { Row } from './row.js';
import { withThrowingMember, wrongValues } from './wrongValues.js';

/** A call with one mistake. */
export interface Mistake {
  readonly what: string;
  readonly args: readonly unknown[];
  /** Whether the error of a function of the user may pass. */
  readonly isFunction: boolean;
  readonly mustBeRefused: boolean;
}

/** Values that a caller may have meant to pass. */
const unknownName = 'unknownOption';

const textOf = (path: Path): string => path.join('.');
const isSame = (one: Path, other: Path): boolean => textOf(one) === textOf(other);

/** Whether a value cannot stand for another: a function for a text, for example. A missing value may have a default. */
const isOfAnotherKind = (value: unknown, held: unknown): boolean =>
  value !== undefined &&
  held !== undefined &&
  (value === null ? held !== null : typeof value !== typeof held);

/** Every way to make one mistake in a call. */
export function* mistakesOf(row: Row): Iterable<Mistake> {
  const { args, open = [], whole = [], fixed = [], lenient = [] } = row;
  const isFixed = ([argument]: Path) => typeof argument === 'number' && fixed.includes(argument);
  const at = (path: Path, by: (held: unknown) => unknown) => replacedAt(args, path, by) as readonly unknown[];
  for (const path of placesIn(args, whole)) {
    if (isFixed(path)) continue;
    const held = valueAt(args, path);
    const isOpen = isWithin(path, open);
    const isLenient = isOpen || lenient.some((each) => isSame(each, path));
    for (const [name, make] of Object.entries(wrongValues))
      yield {
        what: `${textOf(path)} is ${name}`,
        args: at(path, make),
        isFunction: typeof held === 'function' || typeof make() === 'function',
        mustBeRefused: !isLenient && isOfAnotherKind(make(), held),
      };
    if (!isOptions(held) || isWithin(path, whole)) continue;
    const refused = { isFunction: false, mustBeRefused: !isOpen };
    for (const name of Object.keys(held))
      yield {
        ...refused,
        what: `${textOf([...path, name])} throws when it is read`,
        args: at(path, () => withThrowingMember(held, name)),
      };
    if (isOpen) continue;
    yield {
      ...refused,
      what: `${textOf(path)} has an option that there is none`,
      args: at(path, () => ({ ...held, [unknownName]: 1 })),
    };
  }
}
