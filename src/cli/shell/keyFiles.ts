import { z } from 'zod';
import { InvalidArgumentError } from '../../errors.js';
import { createKeyring, type ActionsOptions, type Keyring } from '../../index.js';
import { detailText } from '../../lib/detailText.js';
import { readJSON } from './inputFile.js';
import type { Terminal } from './terminal.js';

type JwtKeys = NonNullable<ActionsOptions['jwtKeys']>;

const keyringFile = z.strictObject({ activeKeyID: z.string(), keys: z.record(z.string(), z.string()) });
const jwtKeyFile = z.strictObject({
  activeKeyID: z.string(),
  keys: z.record(z.string(), z.union([z.string(), z.looseObject({ kty: z.string() })])),
});

/** Reads and checks a key file. The error names the problem and never quotes the file. */
async function readKeyFile<Schema extends z.ZodType>(
  terminal: Terminal,
  path: string,
  schema: Schema,
  form: string,
): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(await readJSON(terminal, path));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`the key file ${path} is not ${form}`);
}

/** Reads a keyring: `plaintext`, or a file `{ "activeKeyID": "k1", "keys": { "k1": "<base64 of 32 bytes>" } }`. */
export async function readKeyring(terminal: Terminal, given: string): Promise<Keyring | 'plaintext'> {
  if (given === 'plaintext') return given;
  const form = '{ "activeKeyID": "<id>", "keys": { "<id>": "<base64 of 32 bytes>" } }';
  const content = await readKeyFile(terminal, given, keyringFile, form);
  try {
    return createKeyring(content);
  } catch (error) {
    throw new InvalidArgumentError(`the key file ${given}: ${detailText(error)}`, { cause: error });
  }
}

/** Reads the keys of jwt and jwe payloads: a file `{ "activeKeyID": "k1", "keys": { "k1": "<PEM>" or a JWK } }`. */
export async function readJwtKeys(terminal: Terminal, path: string): Promise<JwtKeys> {
  const form = '{ "activeKeyID": "<id>", "keys": { "<id>": "<private key as PEM>", or a JWK } }';
  return readKeyFile(terminal, path, jwtKeyFile, form);
}
