import type { FastifyRequest } from 'fastify';
import type { JSONValue } from '../../ports.js';

interface Validated {
  /** The body for the handler, in which the schema may have filled in defaults or converted types. */
  readonly body: unknown;
}

type Validate = (body: unknown) => unknown;

/** The route's validator of bodies, or the one for the content type where the schema has several. */
function validatorOf(request: FastifyRequest): Validate | undefined {
  const compiled: unknown = request.getValidationFunction('body');
  if (typeof compiled === 'function') return compiled as Validate;
  if (typeof compiled !== 'object' || compiled === null) return undefined;
  const mediaType = (request.headers['content-type'] ?? 'application/json').split(';')[0] ?? '';
  const byType = (compiled as Record<string, unknown>)[mediaType.trim().toLowerCase()];
  return typeof byType === 'function' ? (byType as Validate) : undefined;
}

/**
 * Validates an amended body by the route's schema, as Fastify validated the original. Refuses an amendment of a route with
 * an asynchronous validator, which cannot answer in time.
 */
export function validateAmended(request: FastifyRequest, amended: JSONValue): Validated | undefined {
  const validate = validatorOf(request);
  if (!validate) return { body: amended };
  // Copy first: validators change their input, and the next target may receive the amended body.
  const copy: unknown = structuredClone(amended);
  let result;
  try {
    result = validate(copy);
  } catch {
    // The validator did not accept the body.
    return undefined;
  }
  if (result === false) return undefined;
  if (typeof result !== 'object' || result === null) return { body: copy };
  if ('then' in result) {
    void Promise.resolve(result).catch(() => undefined);
    return undefined;
  }
  if ('error' in result && result.error) return undefined;
  return { body: 'value' in result ? result.value : copy };
}
