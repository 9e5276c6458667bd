import { InvalidArgumentError } from '../../errors.js';
import { executionStreamPrefix } from '../../execution/execution.js';
import { shownType } from '../../lib/reading/shownValue.js';
import { targetStreamPrefix } from '../../target/target.js';
import { targetNameStreamPrefix } from '../../target/targetName.js';

/**
 * The prefixes of the streams that hold the progress of durable delivery. Their events are never delivered: each
 * delivery would write the next event.
 */
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
 * lock its operators out; appends to the store's own streams, which begin with `$`, never do either (rule E5).
 *
 * @throws {@link InvalidArgumentError} for a name that is no text
 */
export function isHookedStream(stream: string): boolean {
  if (typeof stream !== 'string')
    throw new InvalidArgumentError(
      `the name of a stream is text, not ${shownType(stream)}; nothing was called or written`,
    );
  return !bypassed.some((prefix) => stream.startsWith(prefix));
}
