import type { z } from 'zod';
import { AlreadyExistsError, InvalidArgumentError } from '../errors.js';
import { occurrenceName } from '../execution/condition.js';
import type { Objection } from '../firing/calls/operation.js';
import { functionBody } from '../firing/calls/payload.js';
import { parseInput } from '../lib/input.js';
import type { JSONObject, JSONValue } from '../ports.js';
import {
  assertPayloadNames,
  type AnyFunctionDefinition,
  type FunctionDefinition,
} from './functionDefinition.js';
import { contentOf, type FindPending } from './operation.js';
import type { HookOptions } from './request.js';

/** Fires what a function matches. */
export interface FunctionHook {
  /**
   * Calls the targets of a function and resolves with what its definition makes of their answers, merged key by key.
   *
   * @throws {@link InvalidArgumentError} when the payload does not fit the definition; nothing was called
   * @throws {@link TargetInterruptedError} when a target with `interruptOnError` refuses or fails
   */
  call<Payload extends z.ZodType, Answer extends z.ZodType, Result>(
    definition: FunctionDefinition<Payload, Answer, Result>,
    payload: z.input<Payload>,
    options?: HookOptions,
  ): Promise<Result>;
  /**
   * The same by name. A name without a definition sends the payload as it is and resolves with the merged answers; `null`
   * where nobody answered.
   */
  call<Result = JSONObject | null>(name: string, payload: object, options?: HookOptions): Promise<Result>;
}

/** @throws {@link AlreadyExistsError} for two definitions of one name */
export function functionsByName(
  definitions: readonly AnyFunctionDefinition[],
): ReadonlyMap<string, AnyFunctionDefinition> {
  const byName = new Map<string, AnyFunctionDefinition>();
  for (const definition of definitions) {
    if (byName.has(definition.name))
      throw new AlreadyExistsError(`function ${JSON.stringify(definition.name)} is defined twice`);
    byName.set(definition.name, definition);
  }
  return byName;
}

const isObject = (value: unknown): value is JSONObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function createFunctionHook(
  find: FindPending,
  definitions: ReadonlyMap<string, AnyFunctionDefinition>,
): FunctionHook {
  async function answersTo(
    name: string,
    payload: object,
    definition: AnyFunctionDefinition | undefined,
    signal: AbortSignal | undefined,
  ): Promise<JSONObject | null> {
    const pending = find('function', name);
    if (!pending) return null;
    const { json } = contentOf(payload, `the payload of function ${JSON.stringify(name)}`);
    let merged: JSONObject = {};
    const objection = (answer: JSONValue): Objection | undefined => {
      if (!isObject(answer))
        return { reason: 'answer-invalid', message: `its answer to function ${name} is not an object` };
      if (!definition || definition.answer.safeParse({ ...merged, ...answer }).success) return undefined;
      return { reason: 'schema', message: `its answer does not fit the definition of function ${name}` };
    };
    const result = await pending.fire(
      (who) => ({
        content: { value: null, json: 'null' },
        render: functionBody(who, name, json),
        acceptsNull: true,
        merge: (_before, answer) => (merged = { ...merged, ...(answer as JSONObject) }),
        objection,
      }),
      signal,
    );
    return result ? (result.value as JSONObject) : null;
  }

  async function call(
    given: string | AnyFunctionDefinition,
    input: object,
    { signal }: HookOptions = {},
  ): Promise<unknown> {
    const name = typeof given === 'string' ? given : given.name;
    occurrenceName({ function: name });
    const what = `the payload of function ${JSON.stringify(name)}`;
    if (!isObject(input)) throw new InvalidArgumentError(`${what} is an object; nothing was called`);
    const definition = typeof given === 'string' ? definitions.get(given) : given;
    const payload = definition ? (parseInput(definition.payload, input, what) as object) : input;
    assertPayloadNames(name, Object.keys(payload));
    const answer = await answersTo(name, payload, definition, signal);
    if (!definition) return answer;
    return definition.apply(payload, answer && definition.answer.parse(answer));
  }

  return { call };
}
