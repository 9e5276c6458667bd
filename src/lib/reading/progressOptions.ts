import { readOptions, type OptionNames } from './readOptions.js';
import { requireFunction } from './reading.js';
import { requireSignal } from './requireSignal.js';

interface ProgressOptions<Progress> {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

const names: OptionNames<ProgressOptions<never>> = { onProgress: true, signal: true };

/** The options of a long operation, read once. @throws {@link InvalidArgumentError} for an unknown or malformed one */
export function takeProgressOptions<Progress>(
  given: ProgressOptions<Progress> | undefined,
  what: string,
): ProgressOptions<Progress> {
  const options = readOptions(given, names as OptionNames<ProgressOptions<Progress>>, what);
  requireFunction(options.onProgress, 'onProgress');
  requireSignal(options.signal);
  return options;
}
