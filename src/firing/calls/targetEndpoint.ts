import { parseEndpoint, type Endpoint, type Refusal } from '../../network/endpoint.js';
import type { ActiveTarget } from '../../target/target.js';

/** Parsed endpoints by target: a target stays the same object until it changes. */
const endpoints = new WeakMap<ActiveTarget, Endpoint | Refusal>();

/** The parsed endpoint of a target; parsed once for each version of the target. */
export function endpointOf(target: ActiveTarget): Endpoint | Refusal {
  const known = endpoints.get(target);
  if (known !== undefined) return known;
  const endpoint = parseEndpoint(target.endpoint);
  endpoints.set(target, endpoint);
  return endpoint;
}
