import { z } from 'zod';
import { InvalidArgumentError } from '../../errors.js';
import type { Content } from '../../firing/calls/operation.js';
import { reading } from '../../lib/reading/reading.js';
import { isObject } from '../../lib/json/isObject.js';
import { jsonKind, writeJSON } from '../../lib/json/json.js';
import type { JSONObject } from '../../ports.js';
import { judgeBySchema } from './contentSchema.js';
import { assertPayloadNames, type AnyFunctionDefinition } from './functionDefinition.js';
import { shownText } from '../../lib/shown/shownText.js';

interface FunctionPayload {
  /** The schema's output, for the definition; the input where there is no schema. */
  readonly parsed: object;
  /** The payload that targets receive: the output, with the host's fields that the definition does not name. */
  readonly sent: object;
}

const whatOf = (name: string) => `the payload of function ${shownText(name)}`;
const noObject = (name: string) =>
  new InvalidArgumentError(`${whatOf(name)} is not an object; nothing was called`);

/** @throws {@link InvalidArgumentError} for a payload that is no object, or does not fit the definition */
export function readPayload(
  name: string,
  input: unknown,
  definition: AnyFunctionDefinition | undefined,
): FunctionPayload {
  if (!reading(whatOf(name), () => isObject(input))) throw noObject(name);
  if (!definition) return { parsed: input as object, sent: input as object };
  const judgement = judgeBySchema(definition.payload, input);
  if (!judgement.fits) {
    const issues = () => judgement.result?.error?.issues ?? [];
    // The schema words an issue when it is asked for, and looks at the value then.
    const problems = reading(whatOf(name), () =>
      issues().map(({ path, message }) => [path.map(String).join('.'), message].filter(Boolean).join(': ')),
    );
    const why = problems.length > 0 ? problems.join('; ') : `its schema ${judgement.problem}`;
    throw new InvalidArgumentError(`${whatOf(name)} is not valid: ${why}; nothing was called`, {
      cause: judgement.cause,
    });
  }
  const parsed: unknown = judgement.result.data;
  if (!isObject(parsed)) throw noObject(name);
  return reading(whatOf(name), () => ({
    parsed,
    sent: { ...parsed, ...unnamed(input as JSONObject, definition.payload) },
  }));
}

/** The host's fields that the definition does not name are sent unchanged. Only an object schema names fields. */
function unnamed(input: JSONObject, schema: z.ZodType): JSONObject {
  if (!(schema instanceof z.ZodObject)) return {};
  return Object.fromEntries(Object.entries(input).filter(([key]) => !Object.hasOwn(schema.shape, key)));
}

/**
 * Writes a payload as JSON, once, and checks the JSON: a `toJSON` could add members that the object does not have.
 *
 * @throws {@link InvalidArgumentError} for JSON that is no object, or has a member whose name the body uses
 */
export function writePayload(name: string, sent: object): Content {
  const { json, problem } = writeJSON(sent);
  if (json === undefined) return { json, problem };
  if (jsonKind(json) !== 'object') throw noObject(name);
  assertPayloadNames(name, Object.keys(JSON.parse(json) as object));
  return { json };
}

/**
 * The same check without writing a plain object: for a payload that is not sent.
 *
 * @throws {@link InvalidArgumentError} as {@link writePayload}
 */
export function assertPayload(name: string, sent: object): void {
  const plainNames = reading(whatOf(name), () => {
    const prototype: unknown = Object.getPrototypeOf(sent);
    const isPlain = (prototype === Object.prototype || prototype === null) && !('toJSON' in sent);
    return isPlain ? Object.keys(sent) : undefined;
  });
  if (plainNames) assertPayloadNames(name, plainNames);
  else writePayload(name, sent);
}
