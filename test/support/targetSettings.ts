import type { TargetSettings } from '../../src/target/target.js';
import { settingDefaults } from '../../src/target/settings.js';

/** The settings of a stored target, for tests of what is not about its settings. */
export const targetSettings = {
  ...settingDefaults,
  name: 'policy',
  type: 'requestResponse',
  endpoint: 'https://policy.example/orders',
  headers: {},
  timeoutMs: 1_000,
  interruptOnError: true,
} as const satisfies TargetSettings;
