import { settingDefaults } from '../../target/settings.js';
import { formatDuration } from './duration.js';

/** The default of a setting of targets, as it is written on the command line and in files. */
export const defaultText = (setting: keyof typeof settingDefaults): string =>
  setting === 'timeoutMs' ? formatDuration(settingDefaults.timeoutMs) : String(settingDefaults[setting]);
