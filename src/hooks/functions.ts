import type { z } from 'zod';
import { AlreadyExistsError } from '../errors.js';
import { occurrenceName } from '../execution/condition.js';
import { snapshot } from '../lib/json/snapshot.js';
import type { JSONObject } from '../ports.js';
import {
  takeDefinition,
  type AnyFunctionDefinition,
  type FunctionDefinition,
} from './operations/functionDefinition.js';
import { functionOperation } from './operations/functionOperation.js';
import { assertPayload, readPayload, writePayload } from './operations/functionPayload.js';
import type { FindPending } from './operations/pendingOperation.js';
import { takeHookOptions, type HookOptions } from './hookOptions.js';
import { shownText } from '../lib/shown/shownText.js';

/** Calls the targets of functions. */
export interface FunctionHook {
  /**
   * Calls the targets of a function and resolves with the result that its definition makes of the merged answers.
   *
   * @throws {@link InvalidArgumentError} when the payload does not fit the definition; no target was called
   * @throws {@link TargetInterruptedError} when a target with `interruptOnError` refuses or fails
   */
  call<Payload extends z.ZodType, Answer extends z.ZodType, Result>(
    definition: FunctionDefinition<Payload, Answer, Result>,
    payload: z.input<Payload>,
    options?: HookOptions,
  ): Promise<Result>;
  /**
   * Calls a function by name. For a name without a definition, the payload is sent unchanged, and the promise resolves
   * with the merged answers; with `null` where no target answered.
   */
  call<Result = JSONObject | null>(name: string, payload: object, options?: HookOptions): Promise<Result>;
}

/** @throws {@link AlreadyExistsError} for two definitions of one name */
export function functionsByName(
  given: readonly AnyFunctionDefinition[],
): ReadonlyMap<string, AnyFunctionDefinition> {
  const byName = new Map<string, AnyFunctionDefinition>();
  for (const definition of given.map(takeDefinition)) {
    if (byName.has(definition.name))
      throw new AlreadyExistsError(
        `function ${shownText(definition.name)} is defined twice: give one of the two another name; nothing was opened`,
      );
    byName.set(definition.name, definition);
  }
  return byName;
}

export function createFunctionHook(
  find: FindPending,
  definitions: ReadonlyMap<string, AnyFunctionDefinition>,
): FunctionHook {
  async function call(
    given: string | AnyFunctionDefinition,
    input: object,
    options?: HookOptions,
  ): Promise<unknown> {
    const { signal } = takeHookOptions(options, 'function');
    const defined = typeof given === 'string' ? undefined : takeDefinition(given);
    const { name } = occurrenceName({ function: defined ? defined.name : (given as string) });
    const definition = defined ?? definitions.get(name);
    const { parsed, sent } = readPayload(name, input, definition);
    const pending = find('function', name);
    if (!pending) {
      assertPayload(name, sent);
      return definition ? definition.apply(parsed, null) : null;
    }
    const { who } = pending;
    const payload = writePayload(name, sent);
    // Copy the payload: while targets are called, changes of the caller's objects then have no effect.
    const kept = definition && snapshot(parsed);
    const operation = functionOperation({
      name,
      who,
      operationID: pending.operationID(),
      payload,
      definition,
    });
    const result = await pending.fire(operation.parts, signal);
    if (!definition) return result ? result.value : null;
    return definition.apply(kept, result ? operation.output() : null);
  }

  return { call };
}
