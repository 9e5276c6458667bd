import type { JwksSource, DecryptionKeys, Receiver } from '../../receiver/index.js';
import { UsageError } from '../shell/failure.js';
import { parseJSON, readInput, readJSON } from '../shell/inputFile.js';
import type { Terminal } from '../shell/terminal.js';

export const signingKeyVariable = 'EVENTSTORE_ACTIONS_SIGNING_KEY';

/** The verification options of the command line. */
export interface ReceiverFlags {
  readonly signingKey?: readonly string[];
  readonly jwks?: string;
  readonly privateKey?: readonly string[];
  /** The key file of the sender, which also gives the public halves. */
  readonly jwtKeys?: string;
}

function signingKeysOf({ signingKey }: ReceiverFlags, { env }: Terminal): readonly string[] {
  const keys = signingKey ?? env[signingKeyVariable]?.split(/[\s,]+/).filter((key) => key !== '') ?? [];
  if (keys.length === 0) throw new UsageError(`which signing key? put it in ${signingKeyVariable}`);
  return keys;
}

async function jwksOf({ jwks, jwtKeys }: ReceiverFlags, terminal: Terminal): Promise<JwksSource | undefined> {
  if (jwks !== undefined)
    return /^https?:\/\//.test(jwks)
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

/** Parses `<id>=<file>` and reads the private key, as PEM or JWK. */
async function privateKeyOf(
  text: string,
  terminal: Terminal,
): Promise<readonly [id: string, key: DecryptionKeys[string]]> {
  const { id, path } = /^(?<id>[A-Za-z0-9._~:-]{1,200})=(?<path>.+)$/s.exec(text)?.groups ?? {};
  if (id === undefined || path === undefined)
    throw new UsageError(
      'write a private key as --private-key <id>=<file>, with the id that its public half has',
    );
  const content = await readInput(terminal, path);
  const key = content.trimStart().startsWith('{') ? parseJSON(content, path) : content;
  return [id, key as DecryptionKeys[string]];
}

/** @throws {@link UsageError} without a signing key, {@link InvalidArgumentError} for a malformed key */
export async function openReceiver(flags: ReceiverFlags, terminal: Terminal): Promise<Receiver> {
  const signingKeys = signingKeysOf(flags, terminal);
  const { createReceiver } = await import('../../receiver/index.js');
  const jwks = await jwksOf(flags, terminal);
  const privateKeys = await Promise.all((flags.privateKey ?? []).map((text) => privateKeyOf(text, terminal)));
  return createReceiver({
    signingKeys,
    ...(jwks && { jwks }),
    decryptionKeys: Object.fromEntries(privateKeys),
  });
}
