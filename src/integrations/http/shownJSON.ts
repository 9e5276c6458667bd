import { exactJSON } from '../../lib/json/json.js';

/** A JSON body: its text and its value. */
interface ShownJSON {
  readonly text: string;
  readonly value: unknown;
}

/** Parses a body. Returns `undefined` where it is not JSON. */
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
