import type { Objection } from '../../firing/calls/operation.js';
import type { JSONValue } from '../../ports.js';

/** Judges what a target made of content; a schema of zod is one. Its own output is not used. */
export interface ContentSchema {
  /** Whether the content fits. Throwing, or giving a promise, says that it does not. */
  safeParse(content: unknown): { readonly success: boolean };
}

/** By the name of what happens. */
export type ContentSchemas = Readonly<Record<string, ContentSchema>>;

/** Own members only: an event may be named like something that every object has. */
export const schemaOf = (schemas: ContentSchemas, name: string): ContentSchema | undefined =>
  Object.hasOwn(schemas, name) ? schemas[name] : undefined;

/** How a schema judged: `fits` with its result; else why not, after the words "the schema ...". */
export type SchemaJudgement<Result> =
  | { readonly fits: true; readonly result: Result }
  | { readonly fits: false; readonly problem: string; readonly result?: Result; readonly cause?: unknown };

/**
 * Asks a schema, of whatever kind and origin, about a value. The one place that does: a schema that throws or answers later
 * (an async refinement) has not judged, and nothing that it throws or rejects with gets away.
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

/** Why content that a target made of `what` may not be applied. */
export function schemaObjection(
  schema: ContentSchema | undefined,
  content: JSONValue,
  what: string,
): Objection | undefined {
  if (!schema) return undefined;
  // A copy: a schema that fills in defaults in place would otherwise change what goes on.
  const judgement = judgeBySchema(schema, structuredClone(content));
  if (judgement.fits) return undefined;
  return {
    reason: 'schema',
    message: `what it made of ${what} is refused: the schema registered for it ${judgement.problem}`,
  };
}
