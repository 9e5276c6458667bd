import { InvalidArgumentError, type Command } from 'commander';
import type { Session } from '../session/commandSession.js';

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** A whole number within bounds, for an option of the command line. */
const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^\d{1,15}$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(`Write a whole number from ${least} to ${most}.`);
    return number;
  };

function pattern(text: string, before?: readonly string[]): readonly string[] {
  if (text === '' || text === '.*' || text === '*')
    throw new InvalidArgumentError(
      'Write a type as order.placed, or a group as order.*; leave it out for every type.',
    );
  return collect(text, before);
}

export function addBacktest(program: Command, session: Session): void {
  program
    .command('backtest')
    .description('ask what the policy of today would have said to recorded events; with --send, really ask')
    .argument(
      '[target]',
      'id or name: ask this target alone, about every event that is chosen, as if it were enforced',
    )
    .option('--prefix <prefix>', 'only streams that begin with this; may be repeated', collect)
    .option('--type <type>', 'only events of this type: order.placed, or order.*; may be repeated', pattern)
    .option('--since <time>', 'only events created then or later: 2030-01-31, 2030-01-31T08:00Z, or 30d ago')
    .option('--until <time>', 'only events created before')
    .option('--limit <count>', 'stop after this many chosen events', wholeNumber(1, 1e15 - 1))
    .option('--send', 'really call; targets are told that it is a rehearsal')
    .option('--enforce', 'judge observed targets, and those enforced for a share, as if they were enforced')
    .option(
      '--at-once <count>',
      'events asked about at the same time, those of a stream in order',
      wholeNumber(1, 64),
      8,
    )
    .option(
      '--give-up-after <count>',
      'stop after this many calls of a target in a row without an answer; 0 is never',
      wholeNumber(0, 1e9),
      20,
    )
    .option(
      '--examples <count>',
      'how many examples of each verdict the report has',
      wholeNumber(0, 1_000),
      10,
    )
    .option('--html <file>', 'write the report as a page, too')
    .addHelpText(
      'after',
      `
Nothing is ever appended. Without --send no target is called: it counts the calls there would be. Calls say "actions-rehearsal: true", and
their bodies "phase": "rehearsal", with the stream, id, revision and time of the recorded event. Events are named by their
type. The streams of targets and executions and those of the store are left out.

Streams are selected by the store; types and times by reading on to the end, as it was when the command started. The report
has no data of events: of an amendment it names the fields. Interrupted, it shows what was done so far, with exit code 130.

Examples:
  $ eventstore-actions backtest --since 30d
  $ eventstore-actions backtest --since 30d --type 'order.*' --send --html report.html
  $ eventstore-actions backtest 'order policy' --prefix order- --limit 1000 --send --json
`,
    )
    .action(async (target: string | undefined, _flags: unknown, command: Command) => {
      const { runBacktest } = await import('../backtest/runBacktest.js');
      await runBacktest(session, command, target);
    });
}
