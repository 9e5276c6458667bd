import type { Objection } from '../firing/calls/operation.js';
import type { JSONValue } from '../ports.js';

/** Judges what a target made of content; a schema of zod is one. Its own output is not used. */
export interface ContentSchema {
  safeParse(content: unknown): { readonly success: boolean };
}

/** By the name of what happens. */
export type ContentSchemas = Readonly<Record<string, ContentSchema>>;

/** Own members only: an event may be named like something that every object has. */
export const schemaOf = (schemas: ContentSchemas, name: string): ContentSchema | undefined =>
  Object.hasOwn(schemas, name) ? schemas[name] : undefined;

/** Why content that a target made of `what` may not be applied; a schema that throws does not vouch for it. */
export function schemaObjection(
  schema: ContentSchema | undefined,
  content: JSONValue,
  what: string,
): Objection | undefined {
  if (!schema) return undefined;
  try {
    if (schema.safeParse(content).success) return undefined;
  } catch {
    return { reason: 'schema', message: `the schema registered for ${what} threw instead of judging it` };
  }
  return { reason: 'schema', message: `what it made of ${what} does not fit the schema registered for it` };
}
