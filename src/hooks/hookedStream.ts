import { executionStreamPrefix } from '../execution/execution.js';
import { targetStreamPrefix } from '../target/target.js';
import { targetNameStreamPrefix } from '../target/targetName.js';

const bypassed = [targetStreamPrefix, executionStreamPrefix, targetNameStreamPrefix, '$'];

/**
 * Whether appends to a stream may call targets. Those to the library's own streams never do, so that no target can lock its
 * operators out, and neither do those to the store's own, which begin with `$` (rule E5).
 */
export const isHookedStream = (stream: string): boolean =>
  !bypassed.some((prefix) => stream.startsWith(prefix));
