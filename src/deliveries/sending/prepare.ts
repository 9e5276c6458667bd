import { maxDepth } from '../../firing/fire.js';
import { deliveryID } from '../policy/deliveryID.js';
import type { Lane } from '../progress/lane.js';
import type { Partition } from '../progress/partition.js';
import type { Attempt } from './attempt.js';
import type { WorkerContext } from '../context/context.js';
import { depthOf, namingFailed, type NamedEvent } from '../context/naming.js';
import { operatorText } from '../context/faults.js';
import { isEligible } from '../context/eligibility.js';

/** The decision about the event at the head of a lane, by the present definitions (rule D1). */
type Prepared =
  | { readonly kind: 'call'; readonly attempt: Attempt }
  | { readonly kind: 'park'; readonly reason: string }
  | { readonly kind: 'drop' }
  /** A failure on our side: the target is suspended, and no attempt is counted. */
  | { readonly kind: 'ours'; readonly reason: string };

export function prepare(
  context: WorkerContext,
  partition: Partition,
  lane: Lane,
  isCounted: boolean,
): Prepared {
  const { access, flows, naming, options, isSameStore } = context;
  const event = lane.first;
  const { target } = flows.of(lane.instanceID, lane.targetID);
  if (!event || !target) return { kind: 'drop' };
  let named: NamedEvent;
  try {
    named = naming.name(event);
  } catch (error) {
    return { kind: 'park', reason: namingFailed(error) };
  }
  const { caller } = named;
  if (caller.instanceID !== lane.instanceID) return { kind: 'drop' };
  const isReplay = lane.replay !== '';
  const matched = naming.match(named).find(({ targetID }) => targetID === lane.targetID);
  // An operator asked for the dead letter: it is sent whether or not the present executions match.
  const isAsked = isReplay && lane.letters.length > 0;
  if (!matched && !isAsked) return { kind: 'drop' };
  if (!isReplay && !isEligible(target, event.position, isSameStore)) return { kind: 'drop' };
  if (depthOf(event) >= maxDepth) return { kind: 'park', reason: 'reentrancy' };
  const { expireMs } = options;
  if (!isReplay && expireMs !== undefined && access.clock.now() - event.created.getTime() > expireMs)
    return { kind: 'park', reason: 'expired' };
  try {
    // The schedule is needed after a failure: without one, the call would be repeated and never counted.
    options.retryOf(lane.targetID, target);
  } catch (error) {
    return { kind: 'ours', reason: `retry-invalid: ${operatorText(error)}` };
  }
  const resolved = matched ?? { targetID: lane.targetID, executionID: '', target };
  return {
    kind: 'call',
    attempt: {
      deliveryID: deliveryID(lane, event),
      event,
      named,
      resolved: { ...resolved, target },
      winner: resolved.executionID,
      number: lane.attempts + (isCounted ? 1 : 0),
      isReplay,
      signal: context.callSignal(partition),
      mayCall: () => lane.isOpen && context.mayCall(partition),
    },
  };
}
