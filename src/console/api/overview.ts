import type { Actions, Health } from '../../index.js';
import { placeOf } from '../../routing/rows/place.js';
import type { Endpoint, Sources } from '../calls/apiCall.js';
import type { Overview } from '../wire/session.js';

const mostEvents = 20;
const mostRows = 100;

/** The notices about the whole process. The reason of a failure may name hosts, so it is only logged. */
function processOf(health: Health): Overview['process'] {
  const { position, lagMs, connected, caughtUp, cutIncludes, failure, queues, dropped, observed } = health;
  return {
    index: {
      ...(position !== undefined && { position: String(position) }),
      lagMs,
      connected,
      caughtUp,
      cutIncludes,
      ...(failure !== undefined && { failure: 'the index does not follow the event store any more' }),
    },
    queues,
    dropped,
    observed,
  };
}

async function overviewOf(
  { targets, executions, health: read }: Pick<Actions, 'targets' | 'executions' | 'health'>,
  instanceID: string,
): Promise<Overview> {
  const health = read();
  const failedEvents = health.failedEvents.filter(({ stream }) => placeOf(stream)?.instanceID === instanceID);
  const called = health.targets.filter((target) => target.instanceID === instanceID);
  const breakers = health.breakers.filter((breaker) => breaker.instanceID === instanceID);
  const unreadable = health.unreadableKeys
    .filter((key) => key.startsWith(`${instanceID} `))
    .map((key) => key.slice(instanceID.length + 1));
  const worst = called.sort(
    (one, other) =>
      other.failuresInARow - one.failuresInARow || other.failures - one.failures || other.calls - one.calls,
  );
  return {
    process: processOf(health),
    failedEvents: failedEvents
      .slice(0, mostEvents)
      .map(({ stream, version, type, reason }) => ({ stream, version: String(version), type, reason })),
    targets: worst.slice(0, mostRows).map(({ instanceID: _instanceID, ...target }) => target),
    breakers: breakers.slice(0, mostRows).map(({ targetID, state }) => ({ targetID, state })),
    unreadableKeys: unreadable.slice(0, mostRows),
    totals: {
      targets: (await targets.list({ limit: 1 })).total,
      executions: (await executions.list({ limit: 1 })).total,
      failedEvents: failedEvents.length,
      calledTargets: called.length,
      breakers: breakers.length,
      unreadableKeys: unreadable.length,
    },
  };
}

export const overviewEndpoints = ({ actions }: Pick<Sources, 'actions'>): readonly Endpoint[] => [
  {
    method: 'GET',
    path: 'overview',
    permissions: ['action.target.read'],
    answer: ({ instanceID }) => overviewOf(actions, instanceID),
  },
];
