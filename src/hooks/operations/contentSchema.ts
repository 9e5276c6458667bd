import type { Objection } from '../../firing/calls/operation.js';
import type { JSONValue } from '../../ports.js';

/** A schema that judges amended content; a zod schema will do. Its output is not used. */
export interface ContentSchema {
  /** Whether the content fits. Throwing, or returning a promise, means that it does not. */
  safeParse(content: unknown): { readonly success: boolean };
}

/** Schemas by the name of the event or method. */
export type ContentSchemas = Readonly<Record<string, ContentSchema>>;

/** Look at own members only: an event may be named like a member that every object has, such as `toString`. */
export const schemaOf = (schemas: ContentSchemas, name: string): ContentSchema | undefined =>
  Object.hasOwn(schemas, name) ? schemas[name] : undefined;

/** The result of a schema: `fits` with its output; else the reason, after the words "the schema ...". */
type SchemaJudgement<Result> =
  | { readonly fits: true; readonly result: Result }
  | { readonly fits: false; readonly problem: string; readonly result?: Result; readonly cause?: unknown };

/**
 * Asks a schema of any library about a value; no other place calls `safeParse` of a user. A schema that throws, or
 * returns a promise (an async refinement), does not accept the value; its error or rejection is not reported elsewhere.
 */
export function judgeBySchema<Result extends { readonly success: boolean }>(
  schema: { safeParse(value: unknown): Result },
  value: unknown,
): SchemaJudgement<Result> {
  try {
    const result = schema.safeParse(value);
    if (isPromise(result)) {
      result.catch(() => undefined);
      return { fits: false, problem: 'is async, and cannot be waited for' };
    }
    return result.success ? { fits: true, result } : { fits: false, problem: 'does not accept it', result };
  } catch (cause) {
    return { fits: false, problem: 'threw in place of judging it', cause };
  }
}

const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;

/** Why amended content of `what` may not be applied. */
export function schemaObjection(
  schema: ContentSchema | undefined,
  content: JSONValue,
  what: string,
): Objection | undefined {
  if (!schema) return undefined;
  // Pass a copy: a schema that fills in defaults in place would change the content.
  const judgement = judgeBySchema(schema, structuredClone(content));
  if (judgement.fits) return undefined;
  return {
    reason: 'schema',
    message: `what it made of ${what} is refused: the schema registered for it ${judgement.problem}`,
  };
}
