import { createHash } from 'node:crypto';
import { categoryOf } from '../local/category.js';

/** The SHA-256 of a stream's name, for the unique index: an index cannot hold long text. */
export const keyOf = (name: string): Buffer => createHash('sha256').update(name, 'utf8').digest();

/** The first 64 bits of the hash of a text, in the decimal digits of PostgreSQL's `bigint`. */
export const hashNumber = (text: string): string => keyOf(text).readBigInt64BE(0).toString();

/** The hash of a stream's category. Two categories may share a hash, so readers also compare names. */
export const categoryHash = (name: string): string => hashNumber(categoryOf(name));

/** PostgreSQL's text cannot hold NUL: no stream has a name with a NUL, and no name begins with a prefix that has one. */
export const isKeepable = (text: string): boolean => !text.includes('\u0000');
