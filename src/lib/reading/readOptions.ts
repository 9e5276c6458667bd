import { InvalidArgumentError } from '../../errors.js';
import { suggestion } from './nearestName.js';
import { reading, requireNoPromise } from './reading.js';
import { shownName, shownType } from './shownValue.js';

/**
 * The names of all options. The type requires every name of `Options` and refuses any other, and asks for `nullable`
 * where `null` is a value of the option.
 */
export type OptionNames<Options> = {
  readonly [Name in keyof Options]-?: null extends Options[Name] ? 'nullable' : true;
};

/** The options of an operation that has a signal and no other option. */
export const signalOnly: OptionNames<{ readonly signal?: AbortSignal }> = { signal: true };

const mostShown = 5;

/**
 * Reads options once, before anything is called or written: later changes of the caller's object have no effect. An
 * option that is `undefined` is left out.
 *
 * @param what - the function that they are passed to
 * @throws {@link InvalidArgumentError} for options that are no object or cannot be read, for an unknown one, and for `null`
 */
export function readOptions<Options extends object>(
  given: Options | undefined,
  names: OptionNames<Options>,
  what: string,
): Options {
  const options: Partial<Options> = {};
  if (given === undefined) return options as Options;
  if (typeof given !== 'object' || (given as unknown) === null)
    throw new InvalidArgumentError(
      `the options of ${what} are an object, not ${shownType(given)}; nothing was called or written`,
    );
  requireNoPromise(given, `what was passed as the options of ${what}`);
  return reading(`the options of ${what}`, () => {
    if (Array.isArray(given))
      throw new InvalidArgumentError(
        `the options of ${what} are an object, not an array; nothing was called or written`,
      );
    const unknown = Object.keys(given).filter((name) => !Object.hasOwn(names, name));
    if (unknown.length > 0) throw unknownOptions(what, unknown, Object.keys(names));
    for (const name of Object.keys(names) as (keyof Options)[]) {
      const value = given[name];
      if (value === null && names[name] !== 'nullable') throw nullOption(what, String(name));
      if (value !== undefined) options[name] = value;
    }
    return options as Options;
  });
}

/**
 * The members of an object whose names are the caller's to choose, such as keys by their ids, each read once.
 *
 * @throws {@link InvalidArgumentError} for a value that is no object or cannot be read
 */
export function membersOf<Member>(
  given: Readonly<Record<string, Member>>,
  what: string,
): readonly (readonly [name: string, member: Member])[] {
  return reading(what, () => {
    if (typeof given !== 'object' || (given as unknown) === null || Array.isArray(given))
      throw new InvalidArgumentError(
        `${what} must be an object, not ${shownType(given)}; nothing was called or written`,
      );
    return Object.entries(given);
  });
}

const nullOption = (what: string, name: string): InvalidArgumentError =>
  new InvalidArgumentError(
    `the option ${name} of ${what} must not be null: give a value, or leave it out; nothing was called or written`,
  );

function unknownOptions(
  what: string,
  unknown: readonly string[],
  names: readonly string[],
): InvalidArgumentError {
  const shown = unknown.slice(0, mostShown).map(shownName).join(', ');
  const more = unknown.length > mostShown ? ', ...' : '';
  return new InvalidArgumentError(
    `${what} does not know the option ${shown}${more}${suggestion(unknown, names)}; nothing was called or written`,
  );
}
