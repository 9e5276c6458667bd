import type { FastifyRequest } from 'fastify';
import type { JSONValue } from '../../ports.js';

interface Validated {
  /** The body for the handler: the schema may have filled in defaults or converted types. */
  readonly body: unknown;
}

type Validate = (body: unknown) => unknown;

/** The route's own validator of bodies; one of several where the schema has one for each content type. */
function validatorOf(request: FastifyRequest): Validate | undefined {
  const compiled: unknown = request.getValidationFunction('body');
  if (typeof compiled === 'function') return compiled as Validate;
  if (typeof compiled !== 'object' || compiled === null) return undefined;
  const mediaType = (request.headers['content-type'] ?? 'application/json').split(';')[0] ?? '';
  const byType = (compiled as Record<string, unknown>)[mediaType.trim().toLowerCase()];
  return typeof byType === 'function' ? (byType as Validate) : undefined;
}

/**
 * Validates an amended body by the route's schema, as Fastify did with the original one. Asynchronous validators cannot
 * judge in time, so an amendment that needs one is refused.
 */
export function validateAmended(request: FastifyRequest, amended: JSONValue): Validated | undefined {
  const validate = validatorOf(request);
  if (!validate) return { body: amended };
  // Validators change their input; the amended body itself may still be shown to the next target.
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
