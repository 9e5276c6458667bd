import { readOptions, signalOnly } from '../lib/reading/readOptions.js';
import { requireSignal } from '../lib/reading/requireSignal.js';

/** How a hook is called. */
export interface HookOptions {
  /** Cancels the calls; the operation then rejects with the signal's reason. @defaultValue none */
  readonly signal?: AbortSignal;
}

/** @throws {@link InvalidArgumentError} for an unknown option, and for a signal that is none */
export function takeHookOptions(given: HookOptions | undefined, what: string): HookOptions {
  const options = readOptions<HookOptions>(given, signalOnly, what);
  requireSignal(options.signal);
  return options;
}
