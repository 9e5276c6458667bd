import { pause } from '../../lib/clock.js';
import type { WorkerContext } from '../context/context.js';
import type { Partition } from '../progress/partition.js';
import { createSpillEnd } from '../sending/spillEnd.js';
import type { Requests } from './requests.js';

/** Polls for changes that no event of the source tells: requests of operators, and the index of another store. */
export interface Looking {
  /** Whether the requests to a partition were read. */
  hasLooked(partition: Partition): boolean;
  /** Resolves once the polling has ended. */
  readonly ended: Promise<void>;
}

interface LookingParts {
  readonly requests: Requests;
  readonly onIndexChanged: () => void;
  /** Starts readers for cursors that may go on. */
  readonly check: () => void;
}

/** How often requests and the index are polled. Milliseconds. */
const lookMs = 250;

export function startLooking(
  context: WorkerContext,
  { requests, onIndexChanged, check }: LookingParts,
): Looking {
  const looked = new WeakSet<Partition>();
  const endSpilling = createSpillEnd(context);

  async function look(): Promise<void> {
    let generation = context.access.generation();
    while (!context.signal.aborted) {
      if (generation !== context.access.generation()) {
        generation = context.access.generation();
        // A target in another store appends no event to this log.
        if (!context.isSameStore) context.flows.scan();
        onIndexChanged();
      }
      endSpilling();
      context.flows.readWithoutProbe(context.access.clock.elapsed());
      for (const partition of context.partitions.values())
        await requests
          .look(partition)
          .then(() => looked.add(partition))
          .catch((error: unknown) => {
            context.fault('reading what operators ask', error);
          });
      check();
      await pause(context.access.clock, lookMs, context.signal);
    }
  }

  return { hasLooked: (partition) => looked.has(partition), ended: look() };
}
