import { z } from 'zod';
import { InvalidArgumentError } from '../../errors.js';
import { occurrenceName } from '../../execution/condition.js';

/** Names of a function's body, which a payload may not take. */
export const reservedPayloadNames: ReadonlySet<string> = new Set([
  'function',
  'instanceID',
  'orgID',
  'projectID',
  'userID',
  'response',
]);

/** A function that operators can hook targets into: what they are sent, what they may answer, and what comes of it. */
export interface FunctionDefinition<
  Payload extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
  Result = unknown,
> {
  /** As conditions name it: `{ function: { name } }`. */
  readonly name: string;
  /**
   * What targets are sent beside the ids: the schema's output, then the fields of the host's payload that an object schema
   * does not name, as they are. A strict object schema refuses those.
   */
  readonly payload: Payload;
  /**
   * What targets may answer: an object, judged after it was merged with the answers before, key by key. An answer that
   * does not fit is an error of its target.
   */
  readonly answer: Answer;
  /** What the function gives back. `answer` is `null` where nobody answered. Not called when a target interrupted. */
  readonly apply: (payload: z.output<Payload>, answer: z.output<Answer> | null) => Result;
}

/** A definition of any kind, where only its name matters. */
export type AnyFunctionDefinition = Pick<FunctionDefinition, 'name' | 'payload' | 'answer'> & {
  // Method syntax: definitions of every payload are one, and each is only ever called with its own.
  apply(payload: unknown, answer: unknown): unknown;
};

export function assertPayloadNames(name: string, keys: readonly string[]): void {
  for (const key of keys)
    if (reservedPayloadNames.has(key))
      throw new InvalidArgumentError(
        `the payload of function ${JSON.stringify(name)} may not have a field ${JSON.stringify(key)}: the body that ` +
          'targets are sent has it already',
      );
}

/**
 * Defines a function, for `createActions({ functions })` and `actions.function`.
 *
 * @throws {@link InvalidArgumentError} for a name that is empty, or a payload with a field that the body has already
 */
export function defineFunction<Payload extends z.ZodType, Answer extends z.ZodType, Result>(
  definition: FunctionDefinition<Payload, Answer, Result>,
): FunctionDefinition<Payload, Answer, Result> {
  occurrenceName({ function: definition.name });
  if (definition.payload instanceof z.ZodObject)
    assertPayloadNames(definition.name, Object.keys(definition.payload.shape));
  return definition;
}
