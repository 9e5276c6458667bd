import type { Command } from 'commander';
import type { DemoResult } from '../demo/demo.js';
import { createStoryteller } from '../demo/storyteller.js';
import { exitCodes } from '../shell/failure.js';
import type { Session } from '../session/commandSession.js';

/** How long the demo may take: a demo that hangs has failed. Milliseconds. */
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
    .description('append real events, call four real endpoints, and compare the counts of both sides')
    .addHelpText(
      'after',
      `
Takes a few seconds and needs no set-up: it appends 329 recorded GitHub webhooks to a temporary SQLite file (to memory
where better-sqlite3 is not installed). Endpoints in another process on 127.0.0.1 watch, amend and veto them; one endpoint is
down at first and later receives the events that it missed. Exit code 1 where the counts differ.

The demo reads no variable of the environment. A store that --store names keeps the events of the run, in streams and in
an instance with the id of the run.

Examples:
  $ eventstore-actions demo
  $ eventstore-actions demo --store esdb://localhost:2113?tls=false
`,
    )
    .action(async (_flags: unknown, command: Command) => {
      const output = session.output(command);
      const story = createStoryteller(session.terminal, output.isJSON);
      const { say, style } = story;
      // Ignore the store of the environment: the demo must not write to it.
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
