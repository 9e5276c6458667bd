import { InvalidArgumentError, type Command } from 'commander';
import { parseName } from '../../shell/settingTexts.js';
import type { Session } from '../../session/commandSession.js';
import { collected, parseCount, parsePath, parseText } from '../../shell/flags.js';

/** Parses the type of events, or a group: a `*` stands only for the rest of a name. */
function parsePattern(text: string): string {
  const name = text.replace(/\.\*$/, '');
  if (name === '' || name.includes('*'))
    throw new InvalidArgumentError(
      'Write a type as order.placed, or a group as order.*; leave it out for every type.',
    );
  return text;
}

export function addBacktest(program: Command, session: Session): void {
  program
    .command('backtest')
    .description('rehearse recorded events against the targets of today; with --send, call the targets')
    .argument(
      '[target]',
      'id or name: call only this target, for every chosen event, as if it were enforced',
      parseName,
    )
    .option(
      '--prefix <prefix>',
      'only streams that begin with this; may be repeated',
      collected(parseText(1_000)),
    )
    .option(
      '--type <type>',
      'only events of this type: order.placed, or order.*; may be repeated',
      collected(parsePattern),
    )
    .option(
      '--since <time>',
      'only events created at this time or later: 2030-01-31, 2030-01-31T08:00Z, or 30d ago',
    )
    .option('--until <time>', 'only events created before this time')
    .option('--limit <count>', 'stop after this many chosen events', parseCount(1, 1e15 - 1))
    .option('--send', 'make the calls; each call says that it is a rehearsal')
    .option('--enforce', 'judge observed targets, and targets enforced for a share, as if they were enforced')
    .option(
      '--at-once <count>',
      'events rehearsed at the same time; the events of a stream in order',
      parseCount(1, 64),
      8,
    )
    .option(
      '--give-up-after <count>',
      'stop after this many calls of a target in a row without an answer; 0 is never',
      parseCount(0, 1e9),
      20,
    )
    .option(
      '--examples <count>',
      'how many examples of each verdict the report has',
      parseCount(0, 1_000),
      10,
    )
    .option('--html <file>', 'also write the report as a page', parsePath)
    .addHelpText(
      'after',
      `
Never appends. Without --send no target is called: the command counts the calls that would be made. Calls say
"actions-rehearsal: true", and their bodies "phase": "rehearsal", with the stream, id, revision and time of the recorded
event. The type of an event is its name in conditions. The streams of targets and executions, and the streams of the store
itself, are left out.

The store selects streams. Types and times are selected by reading the events up to the end of the store at the start of the
command. The report has no data of events: it names the fields of an amendment. An interrupted command shows its results so
far and ends with exit code 130.

Examples:
  $ eventstore-actions backtest --since 30d
  $ eventstore-actions backtest --since 30d --type 'order.*' --send --html report.html
  $ eventstore-actions backtest 'order policy' --prefix order- --limit 1000 --send --json
`,
    )
    .action(async (target: string | undefined, _flags: unknown, command: Command) => {
      const { runBacktest } = await import('../../backtest/runBacktest.js');
      await runBacktest(session, command, target);
    });
}
