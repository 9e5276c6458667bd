import { createHash } from 'node:crypto';
import type { JSONValue } from '../../index.js';

/** SHA-256 of a value as JSON. */
export const digest = (value: JSONValue): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex');
