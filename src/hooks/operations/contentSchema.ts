import type { Objection } from '../../firing/calls/operation.js';
import type { JSONValue } from '../../ports.js';

/** Judges amended content; a zod schema is one. The schema's output is not used. */
export interface ContentSchema {
  /** Whether the content fits. Throwing, or returning a promise, means that it does not. */
  safeParse(content: unknown): { readonly success: boolean };
}

/** Schemas by the name of the event or method. */
export type ContentSchemas = Readonly<Record<string, ContentSchema>>;

/** Own members only: the name of an event may be that of a member which every object has. */
export const schemaOf = (schemas: ContentSchemas, name: string): ContentSchema | undefined =>
  Object.hasOwn(schemas, name) ? schemas[name] : undefined;

/** The result of a schema: `fits` with its output; else the reason, after the words "the schema ...". */
export type SchemaJudgement<Result> =
  | { readonly fits: true; readonly result: Result }
  | { readonly fits: false; readonly problem: string; readonly result?: Result; readonly cause?: unknown };

/**
 * Asks a schema, of any library, about a value. The only place that does. A schema that throws or answers later (an
 * async refinement) has not judged; its error or rejection goes nowhere else.
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
  // A copy: a schema that fills in defaults in place would otherwise change the content.
  const judgement = judgeBySchema(schema, structuredClone(content));
  if (judgement.fits) return undefined;
  return {
    reason: 'schema',
    message: `what it made of ${what} is refused: the schema registered for it ${judgement.problem}`,
  };
}
