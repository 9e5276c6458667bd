import { createHash } from 'node:crypto';
import type { JSONValue } from 'eventstore-actions';

/** SHA-256 of a value as JSON. */
export const digest = (value: JSONValue): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex');
