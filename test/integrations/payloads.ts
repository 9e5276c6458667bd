import { readFileSync } from 'node:fs';
import type { Caller } from '../../src/index.js';

/**
 * A body as the first release sent it. Existing receivers read these bodies, which may only gain fields at their
 * end.
 */
export const golden = (kind: 'request' | 'response' | 'function' | 'event'): string =>
  JSON.stringify(JSON.parse(readFileSync(`test/vectors/payloads/${kind}.json`, 'utf8')));

/** The caller of the golden payloads. */
export const goldenCaller: Caller = {
  instanceID: 'tenant-1',
  orgID: 'org-1',
  projectID: 'project-1',
  userID: 'user-1',
};
