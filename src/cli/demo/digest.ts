import { createHash } from 'node:crypto';
import type { JSONValue } from '../../index.js';

/** The SHA-256 of a value's JSON. */
export const digest = (value: JSONValue): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex');
