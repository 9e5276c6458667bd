import { z } from 'zod';
import type { Content, Objection } from '../../firing/calls/operation.js';
import { functionBody } from '../../firing/calls/payload.js';
import { isObject } from '../../lib/json/isObject.js';
import type { JSONObject, JSONValue } from '../../ports.js';
import type { OperationCaller } from './admission.js';
import { judgeBySchema } from './contentSchema.js';
import type { AnyFunctionDefinition } from './functionDefinition.js';
import type { OperationParts } from './operationParts.js';

interface FunctionOperationInput {
  readonly name: string;
  readonly who: OperationCaller;
  readonly operationID: string;
  /** The payload, as `writePayload` wrote it. */
  readonly payload: Content;
  readonly definition: AnyFunctionDefinition | undefined;
}

/** An answer, merged with the answers before it. */
interface Merged {
  readonly answer: JSONValue;
  readonly raw: JSONObject;
  /** The merged answers that later targets are sent. */
  readonly shown: JSONObject;
  /** The output of the definition's schema. */
  readonly output: unknown;
}

/** A member that is `null` counts as absent: targets written in Go answer so. */
const present = (answer: JSONObject): JSONObject =>
  Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== null));

/** The members of `raw` that a schema kept, nested ones included: a schema drops members that it does not name. */
function known(raw: JSONValue, output: unknown): JSONValue {
  if (Array.isArray(raw)) {
    const items: readonly unknown[] = Array.isArray(output) ? output : [];
    return items.length === raw.length
      ? raw.map((each: JSONValue, place): JSONValue => known(each, items[place]))
      : (raw as JSONValue);
  }
  if (!isObject(raw) || !isObject(output)) return raw;
  const kept = Object.entries(raw).filter(([name]) => Object.hasOwn(output, name));
  return Object.fromEntries(kept.map(([name, value]) => [name, known(value, output[name])]));
}

/** The operation of a function: its targets are sent the payload, and the merged answers of the targets before them. */
export function functionOperation({ name, who, operationID, payload, definition }: FunctionOperationInput): {
  readonly parts: OperationParts;
  /** The definition's result for the applied answers; call it only after one was applied. */
  readonly output: () => unknown;
} {
  let applied: Merged | undefined;
  let judged: Merged | undefined;

  function judge(answer: JSONValue): Objection | undefined {
    if (!isObject(answer))
      return { reason: 'answer-invalid', message: `its answer to function ${name} is not an object` };
    const raw = { ...applied?.raw, ...present(answer) };
    if (!definition) {
      judged = { answer, raw, shown: raw, output: raw };
      return undefined;
    }
    const judgement = judgeBySchema(definition.answer, raw);
    if (!judgement.fits)
      return {
        reason: 'schema',
        message: `its answer is refused: the schema that function ${name} is defined with ${judgement.problem}`,
      };
    const output: unknown = judgement.result.data;
    const shown = definition.answer instanceof z.ZodObject ? (known(raw, output) as JSONObject) : raw;
    judged = { answer, raw, shown, output };
    return undefined;
  }

  return {
    parts: {
      kind: 'function',
      condition: `function/${name}`,
      operationID,
      content: payload.json === undefined ? payload : { json: 'null' },
      render: functionBody(who, name, payload.json ?? '{}'),
      acceptsNull: true,
      objection: judge,
      merge(answer) {
        // `judged` may hold a later answer, of an observed target: judge this one again then.
        if (judged?.answer !== answer) judge(answer);
        applied = judged;
        return applied?.shown ?? answer;
      },
    },
    output: () => applied?.output,
  };
}
