import { pause } from '../../lib/clock.js';
import type { WorkerContext } from '../context/context.js';
import type { Partition } from '../progress/partition.js';
import type { Requests } from './requests.js';

/** Looks again and again for what no event tells: what operators ask, and what the index of another store says. */
export interface Looking {
  /** Whether it is known what operators ask of a partition. */
  hasLooked(partition: Partition): boolean;
  /** Resolves once the worker is gone. */
  readonly ended: Promise<void>;
}

export interface LookingParts {
  readonly requests: Requests;
  readonly onIndexChanged: () => void;
  /** Looks for cursors that may go on. */
  readonly check: () => void;
}

/** How often what operators ask, and what the index says, is looked at. Milliseconds. */
const lookMs = 250;

export function startLooking(
  context: WorkerContext,
  { requests, onIndexChanged, check }: LookingParts,
): Looking {
  const looked = new WeakSet<Partition>();

  async function look(): Promise<void> {
    let generation = context.access.generation();
    while (!context.signal.aborted) {
      if (generation !== context.access.generation()) {
        generation = context.access.generation();
        // A target of another store leaves no event in this log.
        if (!context.isSameStore) context.flows.scan();
        onIndexChanged();
      }
      for (const flow of context.flows.all())
        if (flow.isSpilling && flow.ready.size + flow.running < context.options.perTarget)
          flow.isSpilling = false;
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
