import type { Endpoint, Sources } from './endpoint.js';
import { sessionEndpoints } from './session.js';

/** All endpoints below `api/`. */
export const endpointsOf = (sources: Sources): readonly Endpoint[] => [...sessionEndpoints(sources)];
