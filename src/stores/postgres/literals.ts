import { randomBytes } from 'node:crypto';

/** Writes bytes as a literal that every setting of the server reads alike. */
export const bytesLiteral = (bytes: Uint8Array): string =>
  `E'\\\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}'::bytea`;

/**
 * Writes a value as a JSON literal: rows for `json_to_recordset` in a message of several statements, which cannot have
 * parameters. The tag of its dollar quotes is random, so that nothing in the value ends the literal, and every setting of
 * the server reads it alike.
 */
export function jsonLiteral(value: unknown): string {
  const quote = `$q${randomBytes(16).toString('hex')}$`;
  return `${quote}${JSON.stringify(value)}${quote}::json`;
}
