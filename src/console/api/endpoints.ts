import type { Endpoint, Sources } from '../calls/endpoint.js';
import { executionEndpoints } from './executions.js';
import { explainEndpoints } from './explain.js';
import { sessionEndpoints } from './session.js';
import { targetEndpoints } from './targets.js';

/** All endpoints below `api/`. */
export const endpointsOf = (sources: Sources): readonly Endpoint[] => [
  ...sessionEndpoints(sources),
  ...targetEndpoints(sources),
  ...executionEndpoints(sources),
  ...explainEndpoints(sources),
];
