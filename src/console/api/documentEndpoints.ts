import type { Endpoint, Sources } from '../calls/apiCall.js';
import type { Feeds } from '../plots/feeds.js';
import { callEndpoints } from './calls.js';
import { deliveryEndpoints } from './deliveries.js';
import { executionEndpoints } from './executions.js';
import { explainEndpoints } from './explain.js';
import { overviewEndpoints } from './overview.js';
import { sessionEndpoints } from './session.js';
import { targetEndpoints } from './targets.js';

/** The endpoints below `api/` that answer with one document. */
export const endpointsOf = (sources: Sources, feeds: Feeds): readonly Endpoint[] => [
  ...sessionEndpoints(sources),
  ...overviewEndpoints(sources),
  ...targetEndpoints(sources),
  ...executionEndpoints(sources),
  ...explainEndpoints(sources),
  ...callEndpoints(sources, feeds),
  ...deliveryEndpoints(sources),
];
