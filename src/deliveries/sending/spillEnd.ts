import type { WorkerContext } from '../context/context.js';
import type { TargetFlow } from '../context/targetFlow.js';

/**
 * Ends the spilling of targets, at each look: of one that holds few events, and of one beside which no other target has
 * ended a call since the last look, so that it delays none. A machine that is busy makes any target slow for a moment.
 */
export function createSpillEnd({ flows, options }: Pick<WorkerContext, 'flows' | 'options'>): () => void {
  const seen = new WeakMap<TargetFlow, number>();

  return () => {
    const moved = new Set<TargetFlow>();
    for (const flow of flows.all()) {
      if ((seen.get(flow) ?? 0) !== flow.ended) moved.add(flow);
      seen.set(flow, flow.ended);
    }
    for (const flow of flows.all()) {
      const isAlone = moved.size === 1 && moved.has(flow);
      if (isAlone || flow.ready.size + flow.running < options.perTarget) flow.isSpilling = false;
    }
  };
}
