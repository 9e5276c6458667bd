import { createReadStream } from 'node:fs';
import { InvalidArgumentError } from '../../errors.js';
import type { JSONValue } from '../../index.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import type { Terminal } from './terminal.js';

/** Reads the text of a file; `-` is stdin. @throws {@link InvalidArgumentError} where it cannot be read */
export async function readInput(terminal: Pick<Terminal, 'stdin'>, path: string): Promise<string> {
  return path === '-' ? readable('stdin', terminal.stdin) : readTextFile(path);
}

/** Reads the text of a file, also of one named `-`. @throws {@link InvalidArgumentError} where it cannot be read */
export const readTextFile = (path: string): Promise<string> => readable(path, createReadStream(path));

/** No file of the program is larger; a device such as /dev/zero has no end. Bytes. */
const largestInput = 67_108_864;

async function readable(name: string, stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      size += bytes.byteLength;
      if (size > largestInput) break;
      chunks.push(bytes);
    }
  } catch (error) {
    throw new InvalidArgumentError(`${name} cannot be read (${errorCodeOf(error)})`, { cause: error });
  }
  if (size > largestInput) throw new InvalidArgumentError(`${name} is larger than 64 MiB`);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(chunks));
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
