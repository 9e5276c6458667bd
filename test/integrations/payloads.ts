import { readFileSync } from 'node:fs';
import type { Caller } from '../../src/index.js';

/** A body as the first release sent it. Receivers in the field read these: they only ever gain fields at their end. */
export const golden = (kind: 'request' | 'response' | 'function' | 'event'): string =>
  JSON.stringify(JSON.parse(readFileSync(`test/vectors/payloads/${kind}.json`, 'utf8')));

/** Who the golden payloads are sent for. */
export const goldenCaller: Caller = {
  instanceID: 'tenant-1',
  orgID: 'org-1',
  projectID: 'project-1',
  userID: 'user-1',
};
