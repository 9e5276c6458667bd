import { executionStreamPrefix } from '../../execution/execution.js';
import { targetStreamPrefix } from '../../target/target.js';
import { targetNameStreamPrefix } from '../../target/targetName.js';

/** The streams that hold the progress of durable delivery: delivering their events would never end. */
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
 * Whether appends to a stream may call targets. Appends to the library's own streams never do, so that no target can
 * lock its operators out; nor do appends to the store's own streams, whose names begin with `$` (rule E5).
 */
export const isHookedStream = (stream: string): boolean =>
  !bypassed.some((prefix) => stream.startsWith(prefix));
