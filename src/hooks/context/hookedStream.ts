import { executionStreamPrefix } from '../../execution/execution.js';
import { targetStreamPrefix } from '../../target/target.js';
import { targetNameStreamPrefix } from '../../target/targetName.js';

/** The streams in which durable delivery keeps its progress: delivered as events they would never end. */
export const deliveryStreamPrefixes = {
  partition: 'actions.delivery-',
  worker: 'actions.deliveryWorker-',
  deadLetter: 'actions.deadLetter-',
  request: 'actions.deliveryRequest-',
} as const;

const bypassed = [
  targetStreamPrefix,
  executionStreamPrefix,
  targetNameStreamPrefix,
  ...Object.values(deliveryStreamPrefixes),
  '$',
];

/**
 * Whether appends to a stream may call targets. Those to the library's own streams never do, so that no target can lock its
 * operators out, and neither do those to the store's own, which begin with `$` (rule E5).
 */
export const isHookedStream = (stream: string): boolean =>
  !bypassed.some((prefix) => stream.startsWith(prefix));
