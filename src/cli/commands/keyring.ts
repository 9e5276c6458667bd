import type { Command } from 'commander';
import { exitCodes } from '../shell/failure.js';
import { createProgress } from '../shell/progress.js';
import type { Session } from '../session/commandSession.js';

export function addKeyring(program: Command, session: Session): void {
  const keyring = program
    .command('keyring')
    .description('the keys that seal secrets at rest')
    .addHelpText(
      'after',
      `
Make a key file, and keep it apart from the events, because it decrypts their secrets:
  $ printf '{"activeKeyID":"k1","keys":{"k1":"%s"}}' "$(openssl rand -base64 32)" > keyring.json
  $ export EVENTSTORE_ACTIONS_KEYRING=./keyring.json

After adding a new key and making it active:
  $ eventstore-actions keyring re-encrypt
`,
    );

  keyring
    .command('re-encrypt')
    .description('seal every secret of every instance under the active key')
    .addHelpText(
      'after',
      `
Add the new key to the key file, make it active, run this command, and only then remove the old key. No signature changes. The
next run completes an interrupted one. Exit code 1 where a secret cannot be decrypted; it stays unchanged.

Example:
  $ eventstore-actions keyring re-encrypt --keyring ./keyring.json
`,
    )
    .action(async (_flags: unknown, command: Command) => {
      await session.withActions(
        command,
        async ({ actions, output }) => {
          const progress = createProgress(session.terminal, { unit: 'targets', silent: output.isJSON });
          const result = await actions
            .reencrypt({
              signal: session.signal,
              onProgress: ({ done, targets }) => {
                progress.tell({ count: done, share: targets === 0 ? 1 : done / targets });
              },
            })
            .catch((error: unknown) => {
              progress.end(false);
              throw error;
            });
          progress.end(true);
          const { targets, resealed, unreadable } = result;
          output.result(result, () =>
            [
              ...(unreadable.length === 0
                ? []
                : [
                    output.table(
                      ['INSTANCE', 'TARGET', 'DOES NOT OPEN'],
                      unreadable.map(({ instanceID, targetID, secret }) => [instanceID, targetID, secret]),
                    ),
                  ]),
              `sealed ${resealed} secrets again, of ${targets} targets\n`,
            ].join('\n'),
          );
          if (unreadable.length > 0) session.exitCode = exitCodes.failed;
        },
        { needsKeyring: true },
      );
    });
}
