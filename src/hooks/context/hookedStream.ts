import { InvalidArgumentError } from '../../errors.js';
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
 * Whether appends to a stream may call targets. Those to the library's own streams never do, so that no target can lock its
 * operators out, and neither do those to the store's own, which begin with `$` (rule E5).
 *
 * @throws {@link InvalidArgumentError} for what is no text
 */
export function isHookedStream(stream: string): boolean {
  if (typeof stream !== 'string') throw new InvalidArgumentError('the name of a stream is text');
  return !bypassed.some((prefix) => stream.startsWith(prefix));
}
