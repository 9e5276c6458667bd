import type { Clock } from '../ports.js';
import { endpointsOf } from './api/documentEndpoints.js';
import type { Endpoint, Sources } from './calls/apiCall.js';
import { liveEndpoint } from './live/live.js';
import type { Feeds } from './plots/feeds.js';

interface Parts {
  readonly feeds: Feeds;
  readonly clock: Clock;
  /** Aborts when the console is closed. */
  readonly closing: AbortSignal;
}

/** All endpoints below `api/`. */
export const allEndpoints = (sources: Sources, { feeds, clock, closing }: Parts): readonly Endpoint[] => [
  ...endpointsOf(sources, feeds),
  liveEndpoint({ actions: sources.actions, clock, closing }),
];
