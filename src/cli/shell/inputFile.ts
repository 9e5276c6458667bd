import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { InvalidArgumentError } from '../../errors.js';
import type { JSONValue } from '../../index.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import type { Terminal } from './terminal.js';

/** Reads the text of a file; `-` is stdin. @throws {@link InvalidArgumentError} where it cannot be read */
export async function readInput(terminal: Pick<Terminal, 'stdin'>, path: string): Promise<string> {
  return path === '-' ? readable(path, text(terminal.stdin)) : readTextFile(path);
}

/** Reads the text of a file, also of one named `-`. @throws {@link InvalidArgumentError} where it cannot be read */
export const readTextFile = (path: string): Promise<string> => readable(path, readFile(path, 'utf8'));

async function readable(path: string, reading: Promise<string>): Promise<string> {
  try {
    return await reading;
  } catch (error) {
    throw new InvalidArgumentError(`${path} cannot be read (${errorCodeOf(error)})`, { cause: error });
  }
}

/** Reads JSON from a file or stdin. Errors never quote the text, which may hold keys. */
export async function readJSON(terminal: Pick<Terminal, 'stdin'>, path: string): Promise<JSONValue> {
  return parseJSON(await readInput(terminal, path), path);
}

/** As {@link readJSON}, for the content of `path`. */
export function parseJSON(content: string, path: string): JSONValue {
  try {
    return JSON.parse(content) as JSONValue;
  } catch {
    throw new InvalidArgumentError(`${path === '-' ? 'stdin' : path} is not JSON`);
  }
}
