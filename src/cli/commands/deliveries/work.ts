import type { Command } from 'commander';
import type { Session } from '../../session/commandSession.js';
import { exitCodes } from '../../shell/failure.js';
import { parsePath } from '../../shell/flags.js';
import { whenAborted } from '../../shell/whenAborted.js';
import { addGroup, withDeliveries } from './openDeliveries.js';

export function addWork(program: Command, session: Session): void {
  addGroup(program.command('work'))
    .description('deliver appended events to durable targets, until interrupted')
    .option(
      '--config <module>',
      'module that exports actions, deliveries and work: options that are functions',
      parsePath,
    )
    .option('--until-idle', 'end when every event is delivered, or waits for a target or an operator')
    .addHelpText(
      'after',
      `
Any number of processes may work at once and share the streams. An interrupted process lets its calls end and gives up its
share. It ends with exit code 0, or with 130 where --until-idle was given.

Example:
  $ eventstore-actions work --store sqlite:./events.db --deliveries ./deliveries.db
`,
    )
    .action(async (flags: { readonly untilIdle?: boolean }, command: Command) => {
      await withDeliveries(
        session,
        command,
        async ({ deliveries, config, output }) => {
          // An error that waiting does not repair, such as a wrong password or a missing database, ends the program.
          await deliveries.status();
          const worker = await deliveries.work(config.work);
          output.note('delivering');
          const interrupted = whenAborted(session.signal);
          try {
            if (flags.untilIdle === true) {
              const idle = worker.whenIdle().then(() => true);
              const isIdle = await Promise.race([idle, interrupted.then(() => false)]);
              // A script would take 0 for "everything is delivered".
              if (!isIdle) {
                output.note('interrupted; the next worker delivers the rest');
                session.exitCode = exitCodes.interrupted;
              }
            } else {
              await interrupted;
            }
            const { targets } = worker.health();
            let delivered = 0;
            for (const target of targets) delivered += target.delivered;
            output.result({ delivered }, () => `${delivered} delivered\n`);
          } finally {
            await worker.stop();
          }
        },
        true,
      );
    });
}
