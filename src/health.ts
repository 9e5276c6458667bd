import type { AsyncCalls } from './firing/pacing/asyncCalls.js';
import type { BreakerStatus, Breakers } from './firing/pacing/breakers.js';
import type { CallReporter, ObservedCounts } from './firing/reporting/callReporter.js';
import type { TargetCallHealth } from './firing/reporting/targetCounts.js';
import type { Pacing } from './firing/pacing/pacing.js';
import type { SecretReader } from './signing/targetSecrets.js';
import type { Projection, ProjectionStatus } from './routing/projection.js';
import type { Router } from './routing/router.js';

/** The state of the actions. */
export interface Health extends ProjectionStatus {
  /** Includes that contribute nothing, because concurrent writes made a cycle or a chain that is too long. */
  readonly cutIncludes: number;
  /** Calls under way, and calls that wait. */
  readonly queues: {
    /** Async calls under way, and async calls that wait for a place. */
    readonly async: { readonly running: number; readonly waiting: number };
    /** Calls that wait for a place of their target at its host. */
    readonly calls: { readonly waiting: number };
  };
  /** Async calls that were not made because the queue was full. */
  readonly dropped: number;
  /** The outcomes of observed targets, which were not applied. */
  readonly observed: ObservedCounts;
  /** The outcomes of the calls of each existing target that was called, up to 10 000 targets. */
  readonly targets: readonly TargetCallHealth[];
  /** Circuit breakers that are not closed. */
  readonly breakers: readonly BreakerStatus[];
  /** Targets whose signing key or header values do not open with the given keyring, as `<instanceID> <targetID>`. */
  readonly unreadableKeys: readonly string[];
}

interface HealthSources {
  readonly projection: Projection;
  readonly router: Router;
  readonly asyncCalls: AsyncCalls;
  readonly reporter: CallReporter;
  readonly secrets: SecretReader;
  readonly pacing: Pacing;
  readonly breakers: Breakers | undefined;
}

export const readHealth = ({
  projection,
  router,
  asyncCalls,
  reporter,
  secrets,
  pacing,
  breakers,
}: HealthSources): Health => ({
  ...projection.status(),
  cutIncludes: router.cutIncludes,
  queues: {
    async: { running: asyncCalls.running, waiting: asyncCalls.waiting },
    calls: { waiting: pacing.waiting },
  },
  dropped: asyncCalls.dropped,
  observed: { ...reporter.observed },
  targets: reporter.targets
    .list()
    .filter(({ instanceID, targetID }) => projection.index.instance(instanceID).target(targetID)),
  breakers: breakers?.notClosed ?? [],
  unreadableKeys: secrets.unreadable
    .filter(({ instanceID, targetID }) => projection.mayHaveTarget(instanceID, targetID))
    .map(({ instanceID, targetID }) => `${instanceID} ${targetID}`),
});
