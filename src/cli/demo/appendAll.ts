import { isActionsError } from '../../errors.js';
import type { AppendOptions } from '../../index.js';
import type { Append } from './demoStore.js';
import type { GitHubEvent } from './githubEvents.js';

interface Veto {
  readonly event: GitHubEvent;
  readonly status: number;
  readonly reason: string;
}

export interface Outcome {
  readonly appended: readonly GitHubEvent[];
  readonly vetoed: readonly Veto[];
}

/** Appends every event: streams in parallel, each stream in order and with its actual version as the expectation. */
export async function appendAll(
  events: readonly GitHubEvent[],
  append: Append,
  signal: AbortSignal,
): Promise<Outcome> {
  const appended: GitHubEvent[] = [];
  const vetoed: Veto[] = [];
  const appendStream = async (stream: string): Promise<void> => {
    let expectedVersion: AppendOptions['expectedVersion'] = 'no-stream';
    for (const event of events.filter((candidate) => candidate.stream === stream)) {
      const { id, type, data } = event;
      try {
        ({ version: expectedVersion } = await append(
          stream,
          { id, type, data },
          { expectedVersion, signal },
        ));
        appended.push(event);
      } catch (error) {
        if (!isActionsError(error, 'TARGET_INTERRUPTED') || error.reason !== 'refused') throw error;
        vetoed.push({ event, status: error.status, reason: error.message });
      }
    }
  };
  await Promise.all([...new Set(events.map(({ stream }) => stream))].map(appendStream));
  return { appended, vetoed };
}
