import { open, writeFile } from 'node:fs/promises';
import { InvalidArgumentError as InvalidOption, type Command } from 'commander';
import { InvalidArgumentError, TargetNotFoundError } from '../../errors.js';
import type { EventStore } from '../../index.js';
import { backtest } from '../backtest/backtest.js';
import { commandLineOf, storeWithoutSecrets, type BacktestFlags } from '../backtest/commandLine.js';
import type { BacktestReport, Ending } from '../backtest/report.js';
import { timeOf, type Selection } from '../backtest/selection.js';
import { createTally } from '../backtest/tally.js';
import { textReport } from '../backtest/textReport.js';
import { exitCodes } from '../failure.js';
import { createProgress } from '../progress.js';
import { findTarget } from '../references.js';
import type { Opened, Session } from '../session.js';

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** A whole number within bounds, for an option of the command line. */
const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!/^\d{1,15}$/.test(text) || number < least || number > most)
      throw new InvalidOption(`Write a whole number from ${least} to ${most}.`);
    return number;
  };

function pattern(text: string, before?: readonly string[]): readonly string[] {
  if (text === '' || text === '.*' || text === '*')
    throw new InvalidOption(
      'Write a type as order.placed, or a group as order.*; leave it out for every type.',
    );
  return collect(text, before);
}

function time(text: string): string {
  if (timeOf(text, 0)) return text;
  throw new InvalidOption('Write a time as 2030-01-31, 2030-01-31T08:00Z, or as 30d for 30 days ago.');
}

const selectionOf = ({ prefix, type, since, until, limit }: BacktestFlags, now: number): Selection => ({
  prefixes: prefix ?? [],
  types: type ?? [],
  since: since === undefined ? undefined : timeOf(since, now),
  until: until === undefined ? undefined : timeOf(until, now),
  limit,
});

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown';

/** Finds out before the work whether its result can be kept; what stands in the file stays until then. */
async function assertWritable(path: string): Promise<void> {
  try {
    await (await open(path, 'a')).close();
  } catch (error) {
    throw new InvalidArgumentError(`${path} cannot be written (${reasonOf(error)})`, { cause: error });
  }
}

/** By position, and by the limit where that comes first; for display only. */
function shareOf(position: bigint, head: bigint | undefined): number | undefined {
  if (head === undefined || head === 0n) return undefined;
  return Number((position * 1_000n) / head) / 1_000;
}

const tellEveryMs = 1_000;

/** Runs under a progress bar, which moves on while a target takes its time. */
async function withProgress(
  session: Session,
  { head, silent }: { readonly head: bigint | undefined; readonly silent: boolean },
  work: (onRead: (position: bigint) => void, onEvent: () => void) => Promise<Ending>,
): Promise<Ending> {
  const progress = createProgress(session.terminal, { unit: 'events', silent });
  let events = 0;
  let read = 0n;
  const tell = () => {
    progress.tell({ count: events, share: shareOf(read, head) });
  };
  const timer = setInterval(tell, tellEveryMs);
  let isDone = false;
  try {
    const ending = await work(
      (position) => {
        read = position;
        tell();
      },
      () => (events += 1),
    );
    isDone = ending.kind === 'complete';
    return ending;
  } finally {
    clearInterval(timer);
    progress.end(isDone);
  }
}

async function targetOf({ actions }: Opened, reference: string | undefined) {
  if (reference === undefined) return undefined;
  const target = await findTarget(actions, reference);
  if (!target) throw new TargetNotFoundError(reference);
  return { id: target.id, name: target.name };
}

const headOf = async (store: EventStore): Promise<bigint | undefined> => store.head?.();

async function run(session: Session, command: Command, opened: Opened, reference: string | undefined) {
  const { actions, store, report } = opened;
  const flags = command.opts<BacktestFlags>();
  const given = session.options(command);
  const startedAt = new Date();
  const selection = selectionOf(flags, startedAt.getTime());
  const { since, until, prefixes, types, limit } = selection;
  if (flags.html !== undefined) await assertWritable(flags.html);
  const target = await targetOf(opened, reference);
  const head = await headOf(store);
  const tally = createTally(flags.examples);
  const send = flags.send === true;
  // Whoever names a target wants to know what it says, not how much of that is applied today.
  const enforce = flags.enforce === true || target !== undefined;

  const ended = await withProgress(session, { head, silent: report.isJSON }, (onRead, onEvent) =>
    backtest({
      ...{ actions, store, tally, selection, target, send, enforce, head, onRead, onEvent },
      atOnce: flags.atOnce,
      giveUpAfter: flags.giveUpAfter,
      signal: session.signal,
    }),
  );
  const result: BacktestReport = {
    command: commandLineOf(reference, flags),
    store: storeWithoutSecrets(given.store ?? ''),
    instance: given.instance ?? 'default',
    target: target ?? null,
    selection: {
      prefixes,
      types,
      since: since?.toISOString() ?? null,
      until: until?.toISOString() ?? null,
      limit: limit ?? null,
    },
    sent: send,
    enforced: enforce,
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    ...(head !== undefined && { head: String(head) }),
    ended,
    ...tally.result(),
    appended: 0,
  };
  if (flags.html !== undefined) {
    // Only here, since nothing else draws.
    const { htmlReport } = await import('../backtest/html/htmlReport.js');
    await writeFile(flags.html, htmlReport(result));
  }
  report.result(result, () => textReport(result, report));
  if (ended.kind === 'interrupted') session.exitCode = exitCodes.interrupted;
  else if (ended.kind !== 'complete') session.exitCode = exitCodes.failed;
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
    .option(
      '--since <time>',
      'only events created then or later: 2030-01-31, 2030-01-31T08:00Z, or 30d ago',
      time,
    )
    .option('--until <time>', 'only events created before', time)
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
Nothing is ever appended. Without --send nobody is called: it counts who would be. Calls say "actions-rehearsal: true", and
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
      await session.withActions(command, (opened) => run(session, command, opened, target));
    });
}
