import { createHash, timingSafeEqual } from 'node:crypto';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import { errorCodeOf } from '../../lib/errorCode.js';
import { FileError } from '../shell/failure.js';
import type { Access, Authenticate } from '../../zitadel/index.js';
import { thrownText } from '../../lib/reading/shownValue.js';
import { instanceIDSchema } from '../../lib/input.js';

const schema = z.strictObject({
  tokens: z
    .array(
      z.strictObject({
        sha256: z.string().regex(/^[0-9a-fA-F]{64}$/, 'the SHA-256 of the token, as 64 hexadecimal digits'),
        permissions: z.array(z.string().min(1).max(200)).max(100),
        instanceID: instanceIDSchema.optional(),
        userID: z.string().min(1).max(1_000).optional(),
      }),
    )
    .max(10_000),
});

interface Token {
  readonly digest: Buffer;
  readonly access: Access;
}

const largestFile = 4_194_304;

function parse(path: string, text: string): readonly Token[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FileError(`the token file ${JSON.stringify(path)} is not JSON`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new FileError(
      `the token file ${JSON.stringify(path)} is not { tokens: [{ sha256, permissions, instanceID?, userID? }] }: ${z.prettifyError(parsed.error)}`,
    );
  return parsed.data.tokens.map(({ sha256, permissions, instanceID, userID }) => ({
    digest: Buffer.from(sha256, 'hex'),
    access: {
      permissions,
      ...(instanceID !== undefined && { instanceID }),
      ...(userID !== undefined && { userID }),
    },
  }));
}

/** Refuses a file that other users can read: with the digests they could guess weak tokens offline. */
const readableByOthers = 0o077;

async function read(path: string, known: string | undefined) {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new FileError(`the token file ${JSON.stringify(path)} cannot be read (${errorCodeOf(cause)})`, {
      cause,
    });
  });
  try {
    const { mode, size, mtimeMs, ctimeMs, ino } = await file.stat();
    if (process.platform !== 'win32' && (mode & readableByOthers) !== 0)
      throw new FileError(
        `the token file ${JSON.stringify(path)} is open to others than its owner: chmod 600 it`,
      );
    if (size > largestFile)
      throw new FileError(`the token file ${JSON.stringify(path)} is larger than 4 MiB`);
    const state = [ino, size, mtimeMs, ctimeMs].join(' ');
    return state === known ? { state } : { state, tokens: parse(path, await file.readFile('utf8')) };
  } finally {
    await file.close();
  }
}

/** Reads the token of `authorization: Bearer <token>`. */
function bearerOf(headers: Headers): string | undefined {
  const value = headers.get('authorization') ?? '';
  return value.slice(0, 7).toLowerCase() === 'bearer ' ? value.slice(7).trim() : undefined;
}

/** Compares with every token, so that the time does not reveal a partial match. */
function accessOf(tokens: readonly Token[], bearer: string): Access | undefined {
  const digest = createHash('sha256').update(bearer).digest();
  let found: Access | undefined;
  for (const token of tokens) if (timingSafeEqual(token.digest, digest)) found = token.access;
  return found;
}

/**
 * Authenticates calls by the bearer tokens of a file. Reads the file again after each change; while the file cannot be
 * read, refuses every call.
 *
 * @param warn - called once each time the file becomes unreadable
 * @throws {@link FileError} for a file that is missing, malformed, or readable by others than its owner
 */
export async function authenticateByTokenFile(
  path: string,
  warn: (message: string) => void,
): Promise<Authenticate> {
  const first = await read(path, undefined);
  let state: string | undefined = first.state;
  let tokens = first.tokens ?? [];
  let warned: string | undefined;

  async function refresh(): Promise<void> {
    try {
      const next = await read(path, state);
      ({ state } = next);
      if (next.tokens) tokens = next.tokens;
      warned = undefined;
    } catch (error) {
      [state, tokens] = [undefined, []];
      const message = thrownText(error);
      if (message !== warned) warn(message);
      warned = message;
    }
  }

  return async (headers) => {
    const bearer = bearerOf(headers);
    if (bearer === undefined || bearer === '') return undefined;
    await refresh();
    return accessOf(tokens, bearer);
  };
}
