import { createHash } from 'node:crypto';

/** SHA-256 of a stream's name: what the unique index holds, since an index takes no long text. */
export const keyOf = (name: string): Buffer => createHash('sha256').update(name, 'utf8').digest();

/** 64 bits of the hash of a text, as PostgreSQL's `bigint` writes them. */
export const hashNumber = (text: string): string => keyOf(text).readBigInt64BE(0).toString();

/**
 * The category of a stream: the hash of its name up to and with its first `-`, or of the whole name where it has none. Two
 * categories may share a hash; readers compare the name besides.
 */
export const categoryOf = (name: string): string => hashNumber(name.slice(0, name.indexOf('-') + 1) || name);

/** PostgreSQL's text has no NUL: a name with one is no name of a stream, and none begins with it. */
export const isKeepable = (text: string): boolean => !text.includes('\u0000');
