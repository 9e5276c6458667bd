import { executionStreamPrefix } from '../execution/execution.js';
import type { SubscriptionMessage } from '../ports.js';
import { targetStreamPrefix } from '../target/target.js';
import type { ConditionIndex } from './conditionIndex.js';

/** The prefixes of the streams of targets and executions. */
export const indexedPrefixes: readonly string[] = [targetStreamPrefix, executionStreamPrefix];

/** Applies one message of a subscription to the index. */
export function applyMessage(index: ConditionIndex, message: SubscriptionMessage): void {
  if ('stream' in message) index.apply(message, true);
  else if ('checkpoint' in message) index.reach(message.checkpoint);
  else if (message.position !== undefined) index.reach(message.position);
}
