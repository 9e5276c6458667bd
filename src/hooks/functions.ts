import { InvalidArgumentError } from '../errors.js';
import { occurrenceName } from '../execution/condition.js';
import { functionBody } from '../firing/payload.js';
import type { JSONObject } from '../ports.js';
import { contentOf, matchOperation, type HookOptions, type OperationOptions } from './request.js';

/** Fires what a function matches. */
export interface FunctionHook {
  /** Resolves with the answers, merged key by key; `null` where nobody answered. */
  call(name: string, payload: JSONObject, options?: HookOptions): Promise<JSONObject | null>;
}

/** Names of the envelope, which a payload may not take. */
const reserved = new Set(['function', 'instanceID', 'orgID', 'projectID', 'userID', 'response']);

export function createFunctionHook(options: OperationOptions): FunctionHook {
  return {
    async call(name, payload, { signal } = {}) {
      occurrenceName({ function: name });
      for (const key of Object.keys(payload))
        if (reserved.has(key))
          throw new InvalidArgumentError(
            `the payload of function ${JSON.stringify(name)} may not have a field ${JSON.stringify(key)}`,
          );
      const matched = await matchOperation(options, 'function', name, signal);
      if (!matched) return null;
      const { match, budgets, who } = matched;
      const { json } = contentOf(payload, `the payload of function ${JSON.stringify(name)}`);
      const result = await options.fire(
        {
          kind: 'function',
          condition: `function/${name}`,
          instanceID: who.instanceID,
          operationID: who.requestID ?? options.generateID(),
          match,
          depth: who.depth,
          content: { value: null, json: 'null' },
          render: functionBody(who, name, json),
          acceptsNull: true,
          merge: (before, answer) => ({ ...(before as JSONObject | null), ...(answer as JSONObject) }),
          objection: (answer) =>
            typeof answer !== 'object' || answer === null || Array.isArray(answer)
              ? { reason: 'answer-invalid', message: `its answer to function ${name} is not an object` }
              : undefined,
          signal,
        },
        budgets,
      );
      signal?.throwIfAborted();
      return result.value as JSONObject | null;
    },
  };
}
