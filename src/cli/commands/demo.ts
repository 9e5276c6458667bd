import type { Command } from 'commander';
import type { DemoResult } from '../demo/demo.js';
import { createStoryteller } from '../demo/storyteller.js';
import { exitCodes } from '../shell/failure.js';
import type { Session } from '../session/commandSession.js';

/** A demo that hangs has failed too. */
const longestMs = 55_000;

function documentOf({ outcome, reports, ...rest }: DemoResult): object {
  return {
    ...rest,
    appended: outcome.appended.length,
    vetoed: outcome.vetoed.map(({ event, status, reason }) => ({ type: event.type, status, reason })),
    endpoints: Object.fromEntries(
      Object.entries(reports).map(([name, { digests: _digests, ...counts }]) => [name, counts]),
    ),
  };
}

export function addDemo(program: Command, session: Session): void {
  program
    .command('demo')
    .description('append real events through four real endpoints, and check what both sides counted')
    .addHelpText(
      'after',
      `
Takes a few seconds and needs nothing: 329 recorded GitHub webhooks are appended to a temporary SQLite file (to memory
where better-sqlite3 is not installed). Endpoints in a process of their own on 127.0.0.1 watch, amend and veto them; one is
down meanwhile, and is sent what it missed. Exit code 1 where a number of the program is not that of the endpoints.

Of the environment nothing is used. A store that is named with --store is left with the events of the run, in streams and in
an instance that carry its id.

Examples:
  $ eventstore-actions demo
  $ eventstore-actions demo --store esdb://localhost:2113?tls=false
`,
    )
    .action(async (_flags: unknown, command: Command) => {
      const output = session.output(command);
      const story = createStoryteller(session.terminal, output.isJSON);
      const { say, style } = story;
      // The demo does not write to the store that the environment names.
      const isNamed = command.getOptionValueSourceWithGlobals('store') === 'cli';
      const late = AbortSignal.timeout(longestMs);
      const { runDemo } = await import('../demo/demo.js');
      const result = await runDemo({
        location: isNamed ? session.options(command).store : undefined,
        story,
        warn: output.note,
        signal: AbortSignal.any([session.signal, late]),
      }).catch((error: unknown) => {
        session.signal.throwIfAborted();
        if (late.aborted)
          throw new Error(`the demo took longer than ${longestMs / 1_000} s`, { cause: error });
        throw error;
      });
      say();
      say(
        result.agreed
          ? style('green', 'Every number agrees.')
          : style(
              'red',
              'Some numbers do not agree: this is a defect, please report it with the lines above.',
            ),
      );
      output.result(documentOf(result), () => '');
      if (!result.agreed) session.exitCode = exitCodes.failed;
    });
}
