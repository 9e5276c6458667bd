import { InvalidArgumentError, type Command } from 'commander';
import { durationMs } from '../../shell/duration.js';
import { parsePath } from '../../shell/flags.js';
import { readInput } from '../../shell/inputFile.js';
import { findTarget, targetID } from '../../shell/references.js';
import { parseName } from '../../shell/settingTexts.js';
import { writtenTime } from '../../shell/writtenTime.js';
import type { Session } from '../../session/commandSession.js';
import { printable } from '../../../lib/shown/printable.js';
import { keyIDPattern, keyIDRule } from '../../../target/settings.js';

interface AddFlags {
  readonly id?: string;
  /** Milliseconds since the epoch. */
  readonly expires?: number;
}

/** The last moment that a `Date` has. */
const lastMoment = 8.64e15;

/** Parses a date or a duration from now. Returns milliseconds since the epoch. */
function parseExpiry(text: string): number {
  const duration = durationMs(text);
  const expiry = duration === undefined ? writtenTime(text)?.getTime() : Date.now() + duration;
  if (expiry === undefined || expiry > lastMoment)
    throw new InvalidArgumentError('Write a date as 2030-01-31, or a duration from now as 90d.');
  return Math.round(expiry);
}

function parseKeyID(text: string): string {
  if (!keyIDPattern.test(text)) throw new InvalidArgumentError(`Write the id of a key: ${keyIDRule}.`);
  return text;
}

/** Adds a command that takes a target and a key. */
const addKeyCommand = (keys: Command, name: string, description: string): Command =>
  keys
    .command(name)
    .description(description)
    .argument('<target>', 'id or name', parseName)
    .argument('<key>', 'id of the key', parseKeyID)
    .addHelpText('after', `\nExample:\n  $ eventstore-actions targets keys ${name} crm 2030\n`);

export function addTargetKeys(targets: Command, session: Session): void {
  const keys = targets
    .command('keys')
    .description('public keys that jwe payloads are encrypted to')
    .addHelpText(
      'after',
      `
Replace the key in use so that the endpoint can read every call:
  $ eventstore-actions targets keys add crm crm-2031.pem --id 2031 --expires 2032-01-31
  $ eventstore-actions targets keys activate crm 2031     once the endpoint has the private key
  $ eventstore-actions targets keys remove crm 2030
`,
    );

  keys
    .command('add')
    .description('add a public key; it is used once it is activated')
    .argument('<target>', 'id or name', parseName)
    .argument('<file>', 'the key as PEM; - is stdin', parsePath)
    .option(
      '--id <id>',
      'the id of the key, sent as the kid of each payload (default: generated)',
      parseKeyID,
    )
    .option(
      '--expires <when>',
      'a date, or a duration from now; after that, no payload is encrypted to it',
      parseExpiry,
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ eventstore-actions targets keys add crm crm-public.pem --id 2030 --expires 365d\n',
    )
    .action(async (reference: string, file: string, { id, expires }: AddFlags, command: Command) => {
      const expiry = expires === undefined ? {} : { expiresAt: expires };
      const publicKey = await readInput(session.terminal, file);
      await session.withActions(command, async ({ actions, output }) => {
        const added = await actions.targets.keys.add(await targetID(actions, reference), {
          publicKey,
          ...(id !== undefined && { keyID: id }),
          ...expiry,
        });
        const { keyID, algorithm, fingerprint } = added;
        output.result(added, () =>
          output.details([
            ['id', keyID],
            ['algorithm', algorithm],
            ['fingerprint', fingerprint],
          ]),
        );
      });
    });

  const change = (
    name: 'activate' | 'deactivate',
    description: string,
    done: (keyID: string) => string,
  ): void => {
    addKeyCommand(keys, name, description).action(
      async (reference: string, keyID: string, _flags: unknown, command: Command) => {
        await session.withActions(command, async ({ actions, output }) => {
          const { position } = await actions.targets.keys[name](await targetID(actions, reference), keyID);
          output.result({ keyID, position }, () => `${printable(done(keyID))}\n`);
        });
      },
    );
  };
  change('activate', 'make a key the active one', (keyID) => `${keyID} is active`);
  change(
    'deactivate',
    'stop using a key; jwe calls then fail until another key is active',
    (keyID) => `${keyID} is not active`,
  );
  addKeyCommand(keys, 'remove', 'remove a key, the active one too').action(
    async (reference: string, keyID: string, _flags: unknown, command: Command) => {
      await session.withActions(command, async ({ actions, output }) => {
        const target = await findTarget(actions, reference);
        const held = target ? await actions.targets.keys.list(target.id) : [];
        const removed = held.some((key) => key.keyID === keyID);
        const { position } = await actions.targets.keys.remove(target?.id ?? reference, keyID);
        output.result({ keyID, removed, position }, () =>
          removed
            ? `removed ${printable(keyID)}\n`
            : `there is no such ${target ? 'key' : 'target'}; nothing to remove\n`,
        );
      });
    },
  );

  keys
    .command('list')
    .description('list the public keys of a target')
    .argument('<target>', 'id or name', parseName)
    .addHelpText('after', '\nExample:\n  $ eventstore-actions targets keys list crm\n')
    .action(async (reference: string, _flags: unknown, command: Command) => {
      await session.withActions(command, async ({ actions, output }) => {
        const list = await actions.targets.keys.list(await targetID(actions, reference));
        output.result(list, () =>
          output.table(
            ['ID', 'ACTIVE', 'ALGORITHM', 'EXPIRES', 'FINGERPRINT'],
            list.map(({ keyID, active, algorithm, expiresAt, fingerprint }) => [
              keyID,
              active ? 'yes' : 'no',
              algorithm,
              expiresAt === undefined ? 'never' : new Date(expiresAt).toISOString(),
              fingerprint,
            ]),
          ),
        );
      });
    });
}
