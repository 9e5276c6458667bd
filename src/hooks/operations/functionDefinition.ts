import { z } from 'zod';
import { InvalidArgumentError } from '../../errors.js';
import { occurrenceName } from '../../execution/condition.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireFunctions } from '../../lib/reading/reading.js';
import { isCallable, shownName, shownType } from '../../lib/reading/shownValue.js';
import { shownText } from '../../lib/shown/shownText.js';

/** Members of a function's body, which a payload may not have. */
const reservedPayloadNames: ReadonlySet<string> = new Set([
  'function',
  'instanceID',
  'orgID',
  'projectID',
  'userID',
  'response',
]);

/** A function that operators can hook targets into: its payload, the answers that targets may give, and the result. */
export interface FunctionDefinition<
  Payload extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
  Result = unknown,
> {
  /** Its name in conditions: `{ function: { name } }`. */
  readonly name: string;
  /**
   * The schema of the payload. Targets are sent the schema's output, then, unchanged, the fields of the host's payload
   * that an object schema does not name. A strict object schema refuses such fields.
   */
  readonly payload: Payload;
  /**
   * The schema of the answers: objects, each judged after it was merged with the earlier answers, key by key. An answer
   * that the schema refuses is an error of its target.
   */
  readonly answer: Answer;
  /** The result of the function. `answer` is `null` where no target answered. Not called when a target interrupted. */
  readonly apply: (payload: z.output<Payload>, answer: z.output<Answer> | null) => Result;
}

/** A definition with any payload, for code that needs only its name. */
export type AnyFunctionDefinition = Pick<FunctionDefinition, 'name' | 'payload' | 'answer'> & {
  // Method syntax, so that definitions of every payload type fit; each is only called with its own payload.
  apply(payload: unknown, answer: unknown): unknown;
};

export function assertPayloadNames(name: string, keys: readonly string[]): void {
  for (const key of keys)
    if (reservedPayloadNames.has(key))
      throw new InvalidArgumentError(
        `the payload of function ${shownText(name)} may not have a field ${shownText(key)}: rename it; the body that ` +
          'targets are sent has a member of this name',
      );
}

/**
 * Defines a function, for `createActions({ functions })` and `actions.function`.
 *
 * @throws {@link InvalidArgumentError} for an empty name, or a payload field whose name the body uses
 */
export function defineFunction<Payload extends z.ZodType, Answer extends z.ZodType, Result>(
  definition: FunctionDefinition<Payload, Answer, Result>,
): FunctionDefinition<Payload, Answer, Result> {
  takeDefinition(definition);
  return definition;
}

const names: OptionNames<AnyFunctionDefinition> = { name: true, payload: true, answer: true, apply: true };

/**
 * A definition as it is read, once.
 *
 * @throws {@link InvalidArgumentError} for a value that is no definition, and as {@link defineFunction}
 */
export function takeDefinition(given: AnyFunctionDefinition): AnyFunctionDefinition {
  if ((given as unknown) === undefined)
    throw new InvalidArgumentError(
      'a function has a name or a definition, not undefined; nothing was called or written',
    );
  const definition = readOptions(given, names, 'defineFunction');
  if (typeof definition.name !== 'string')
    throw new InvalidArgumentError(
      `the name of a function is text, not ${shownType(definition.name)}; nothing was called or written`,
    );
  const { name } = occurrenceName({ function: definition.name });
  const what = `function ${shownName(name)}`;
  requireFunctions(definition.payload, ['safeParse'], `the payload of ${what} is a schema of zod`);
  requireFunctions(definition.answer, ['safeParse'], `the answer of ${what} is a schema of zod`);
  if (!isCallable(definition.apply))
    throw new InvalidArgumentError(
      `apply of ${what} is a function, not ${shownType(definition.apply)}; nothing was called or written`,
    );
  if (definition.payload instanceof z.ZodObject)
    assertPayloadNames(name, Object.keys(definition.payload.shape));
  return definition;
}
