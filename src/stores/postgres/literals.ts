import { randomBytes } from 'node:crypto';

/** Bytes as a literal that means the same under every setting of the server. */
export const bytesLiteral = (bytes: Uint8Array): string =>
  `E'\\\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}'::bytea`;

/**
 * A value as a literal of JSON: rows for `json_to_recordset`, in a message of several statements, which takes no parameters.
 * Its quotes are drawn at random for each, so that nothing in the value ends it, and no setting of the server reads it
 * otherwise.
 */
export function jsonLiteral(value: unknown): string {
  const quote = `$q${randomBytes(16).toString('hex')}$`;
  return `${quote}${JSON.stringify(value)}${quote}::json`;
}
