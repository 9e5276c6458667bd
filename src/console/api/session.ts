import { createRequire } from 'node:module';
import { isActionsError } from '../../errors.js';
import type { Session } from '../wire/session.js';
import type { Endpoint, Sources } from '../calls/apiCall.js';

/** The version of the package. A bundle has no package.json beside it. */
function packageVersion(): string {
  try {
    const { version } = createRequire(import.meta.url)('eventstore-actions/package.json') as {
      readonly version: string;
    };
    return version;
  } catch {
    return 'unknown';
  }
}

/**
 * Whether calls are kept: without kept calls, subscribing throws at once. A subscription without a reader costs nothing.
 *
 * @throws {@link ActionsClosedError}
 */
export function keepsCalls({ actions }: Pick<Sources, 'actions'>): boolean {
  try {
    actions.calls.subscribe();
    return true;
  } catch (error) {
    if (isActionsError(error, 'INVALID_ARGUMENT')) return false;
    throw error;
  }
}

export const sessionEndpoints = (sources: Sources): readonly Endpoint[] => [
  {
    method: 'GET',
    path: 'session',
    permissions: [],
    answer({ access, instanceID }): Session {
      const { permissions, userID } = access;
      return {
        ...(userID !== undefined && { userID }),
        instanceID,
        version: packageVersion(),
        can: {
          readTargets: permissions.includes('action.target.read'),
          writeTargets: permissions.includes('action.target.write'),
          deleteTargets: permissions.includes('action.target.delete'),
          readExecutions: permissions.includes('action.execution.read'),
          writeExecutions: permissions.includes('action.execution.write'),
        },
        deliveries: sources.deliveries !== undefined,
        calls: keepsCalls(sources),
      };
    },
  },
];
