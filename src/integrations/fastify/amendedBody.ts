import type { FastifyRequest } from 'fastify';
import type { JSONValue } from '../../ports.js';

interface Validated {
  /** What the handler is given: the schema may have put defaults in or made other types of it. */
  readonly body: unknown;
}

type Validate = (body: unknown) => unknown;

/** The route's own validator of bodies; one of several where the schema tells content types apart. */
function validatorOf(request: FastifyRequest): Validate | undefined {
  const compiled: unknown = request.getValidationFunction('body');
  if (typeof compiled === 'function') return compiled as Validate;
  if (typeof compiled !== 'object' || compiled === null) return undefined;
  const mediaType = (request.headers['content-type'] ?? 'application/json').split(';')[0] ?? '';
  const byType = (compiled as Record<string, unknown>)[mediaType.trim().toLowerCase()];
  return typeof byType === 'function' ? (byType as Validate) : undefined;
}

/**
 * Passes what a target made of a body through the route's schema again, as Fastify did with the one that arrived. Validators
 * that answer later cannot judge in time, so what they would have to judge does not pass.
 */
export function validateAmended(request: FastifyRequest, amended: JSONValue): Validated | undefined {
  const validate = validatorOf(request);
  if (!validate) return { body: amended };
  // Validators change what they are given; the amended body itself may still be shown to the next target.
  const copy: unknown = structuredClone(amended);
  let result;
  try {
    result = validate(copy);
  } catch {
    // It does not vouch for the body.
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
