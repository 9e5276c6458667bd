import { exactJSON } from '../../lib/json.js';

/** A body that is sent as JSON: its text, and its value. */
export interface ShownJSON {
  readonly text: string;
  readonly value: unknown;
}

/** The value of a body that was written as JSON; `undefined` where it is no JSON. */
export function shownJSON(body: unknown, encoding?: unknown): ShownJSON | undefined {
  const isBytes = body instanceof Uint8Array;
  if (typeof body !== 'string' && !isBytes) return undefined;
  const given = typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
  const text = isBytes ? Buffer.from(body).toString('utf8') : Buffer.from(body, given).toString('utf8');
  try {
    return { text, value: exactJSON(text) };
  } catch {
    return undefined;
  }
}
