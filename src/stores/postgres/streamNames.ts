import { createHash } from 'node:crypto';

/** The SHA-256 of a stream's name, for the unique index: an index cannot hold long text. */
export const keyOf = (name: string): Buffer => createHash('sha256').update(name, 'utf8').digest();

/** The first 64 bits of the hash of a text, in the decimal digits of PostgreSQL's `bigint`. */
export const hashNumber = (text: string): string => keyOf(text).readBigInt64BE(0).toString();

/**
 * The category of a stream: the hash of its name up to and including the first `-`, or of the whole name without a `-`. Two
 * categories may share a hash, so readers also compare names.
 */
export const categoryOf = (name: string): string => hashNumber(name.slice(0, name.indexOf('-') + 1) || name);

/** PostgreSQL's text cannot hold NUL: no stream has a name with a NUL, and no name begins with a prefix that has one. */
export const isKeepable = (text: string): boolean => !text.includes('\u0000');
