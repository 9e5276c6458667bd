import { parseEndpoint, type Endpoint, type Refusal } from '../../network/endpoint.js';
import type { ActiveTarget } from '../../target/target.js';

/** A target is the same object until it changes. */
const endpoints = new WeakMap<ActiveTarget, Endpoint | Refusal>();

/** The endpoint of a target in parts, read once for as long as the target stays as it is. */
export function endpointOf(target: ActiveTarget): Endpoint | Refusal {
  const known = endpoints.get(target);
  if (known !== undefined) return known;
  const endpoint = parseEndpoint(target.endpoint);
  endpoints.set(target, endpoint);
  return endpoint;
}
