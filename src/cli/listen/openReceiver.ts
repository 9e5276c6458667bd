import { InvalidArgumentError } from 'commander';
import type { JwksSource, DecryptionKeys, Receiver } from '../../receiver/index.js';
import { fromCommandLine, UsageError } from '../shell/failure.js';
import { parseJSON, readInput, readJSON } from '../shell/inputFile.js';
import type { Terminal } from '../shell/terminal.js';

export const signingKeyVariable = 'EVENTSTORE_ACTIONS_SIGNING_KEY';

/** A private key: the id of its public half, and its file. */
interface PrivateKeyFile {
  readonly id: string;
  readonly path: string;
}

/** Parses `<id>=<file>`. */
export function parsePrivateKey(text: string): PrivateKeyFile {
  const { id, path } = /^(?<id>[A-Za-z0-9._~:-]{1,200})=(?<path>.+)$/s.exec(text)?.groups ?? {};
  if (id === undefined || path === undefined)
    throw new InvalidArgumentError('Write <id>=<file>, with the id that the public half has.');
  return { id, path };
}

/** The verification options of the command line. */
export interface ReceiverFlags {
  readonly signingKey?: readonly string[];
  readonly jwks?: string;
  readonly privateKey?: readonly PrivateKeyFile[];
  /** The key file of the sender, which also gives the public halves. */
  readonly jwtKeys?: string;
}

function signingKeysOf({ signingKey }: ReceiverFlags, { env }: Terminal): readonly string[] {
  const keys = signingKey ?? env[signingKeyVariable]?.split(/[\s,]+/).filter((key) => key !== '') ?? [];
  if (keys.length === 0) throw new UsageError(`which signing key? put it in ${signingKeyVariable}`);
  if (!keys.every((key) => /^wh(?:sec|pk)_/.test(key)))
    throw new UsageError(
      `a key of ${signingKey ? '--signing-key' : signingKeyVariable} begins neither with whsec_, as "targets add" shows it, nor with whpk_; the error does not show it`,
    );
  return keys;
}

async function jwksOf({ jwks, jwtKeys }: ReceiverFlags, terminal: Terminal): Promise<JwksSource | undefined> {
  if (jwks !== undefined)
    return /^https?:/i.test(jwks)
      ? new URL(jwks)
      : ((await readJSON(terminal, jwks)) as unknown as JwksSource);
  if (jwtKeys === undefined) return undefined;
  const [{ readJwtKeys }, { createActions, memoryEventStore }] = await Promise.all([
    import('../shell/keyFiles.js'),
    import('../../index.js'),
  ]);
  await using actions = await createActions({
    eventStore: memoryEventStore(),
    keyring: 'plaintext',
    jwtKeys: await readJwtKeys(terminal, jwtKeys),
  });
  return actions.jwks();
}

/** Reads a private key, as PEM or JWK. */
async function privateKeyOf(
  { id, path }: PrivateKeyFile,
  terminal: Terminal,
): Promise<readonly [id: string, key: DecryptionKeys[string]]> {
  const content = await readInput(terminal, path);
  const key = content.trimStart().startsWith('{') ? parseJSON(content, path) : content;
  return [id, key as DecryptionKeys[string]];
}

/** @throws {@link UsageError} without a signing key, {@link InvalidArgumentError} for a malformed key */
export async function openReceiver(flags: ReceiverFlags, terminal: Terminal): Promise<Receiver> {
  const signingKeys = signingKeysOf(flags, terminal);
  const { createReceiver } = await import('../../receiver/index.js');
  // Judge the keys of the command line apart from the files, which fail for other reasons.
  fromCommandLine(() => createReceiver({ signingKeys }));
  const jwks = await jwksOf(flags, terminal);
  const privateKeys = await Promise.all((flags.privateKey ?? []).map((file) => privateKeyOf(file, terminal)));
  return createReceiver({
    signingKeys,
    ...(jwks && { jwks }),
    decryptionKeys: Object.fromEntries(privateKeys),
  });
}
