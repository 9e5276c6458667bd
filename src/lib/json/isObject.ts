import type { JSONObject } from '../../ports.js';

/** Whether a value is an object of JSON: neither `null` nor an array. */
export const isObject = (value: unknown): value is JSONObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
