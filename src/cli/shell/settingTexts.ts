import { InvalidArgumentError } from 'commander';
import { longestName, longestTimeoutMs, settingDefaults } from '../../target/settings.js';
import { durationMs, formatDuration } from './duration.js';
import { parseText } from './flags.js';

/** The default of a setting of targets, as it is written on the command line and in files. */
export const defaultText = (setting: keyof typeof settingDefaults): string =>
  setting === 'timeoutMs' ? formatDuration(settingDefaults.timeoutMs) : String(settingDefaults[setting]);

/** Parses a name or an id of a target. */
export const parseName = parseText(longestName);

export const longestTimeout = formatDuration(longestTimeoutMs);

const isTimeout = (timeoutMs: number): boolean => timeoutMs > 0 && timeoutMs <= longestTimeoutMs;

/** Whether a text of a file is a duration that the library takes as a time limit of calls. */
export const isTimeoutText = (text: string): boolean => isTimeout(durationMs(text) ?? NaN);

/** Parses a duration within the bounds of a time limit of calls. */
export function parseTimeout(text: string): number {
  const timeoutMs = durationMs(text);
  if (timeoutMs === undefined) throw new InvalidArgumentError('Write a duration as 500ms, 2s or 1m.');
  if (!isTimeout(timeoutMs))
    throw new InvalidArgumentError(`Write a duration above 0 and of at most ${longestTimeout}.`);
  return timeoutMs;
}
