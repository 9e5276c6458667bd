import type { Command } from 'commander';
import { TargetNotFoundError } from '../../errors.js';
import type { EventStore } from '../../index.js';
import { exitCodes } from '../shell/failure.js';
import { findTarget } from '../shell/references.js';
import type { Opened, Session } from '../session/commandSession.js';
import { backtest } from './backtest.js';
import { storeWithoutSecrets } from '../session/withoutSecrets.js';
import { commandLineOf, type BacktestFlags } from './reporting/commandLine.js';
import type { BacktestReport } from './tallying/backtestReport.js';
import { assertReportPath, writeReport } from './reportFile.js';
import { timeOf, type Selection } from './selection.js';
import { createTally } from './tallying/tally.js';
import { textReport } from './reporting/textReport.js';
import { withProgress } from './withProgress.js';

const timeHelp = 'Write a time as 2030-01-31, 2030-01-31T08:00Z, or as 30d for 30 days ago.';

function selectionOf(command: Command, now: number): Selection {
  const { prefix, type, since, until, limit } = command.opts<BacktestFlags>();
  const given = (option: string, text: string | undefined): Date | undefined =>
    text === undefined
      ? undefined
      : (timeOf(text, now) ??
        command.error(`error: option '${option} <time>' argument '${text}' is invalid. ${timeHelp}`));
  const [from, to] = [given('--since', since), given('--until', until)];
  if (from && to && from >= to)
    command.error(
      `error: option '--until <time>' argument '${until}' is invalid. It is not later than --since '${since}'.`,
    );
  return { prefixes: prefix ?? [], types: type ?? [], since: from, until: to, limit };
}

/** The type of events that a condition or a pattern names in place of a target; `undefined` for any other text. */
const typeOf = (reference: string): string | undefined =>
  /^event\/(?<type>.+)$/s.exec(reference)?.groups?.['type'] ??
  (/^\S+\.\*$/.test(reference) ? reference : undefined);

async function targetOf(command: Command, { actions }: Opened, reference: string | undefined) {
  if (reference === undefined) return undefined;
  const target = await findTarget(actions, reference);
  if (target) return { id: target.id, name: target.name };
  const type = typeOf(reference);
  if (type === undefined) throw new TargetNotFoundError(reference);
  return command.error(
    `error: no target has the id or name ${JSON.stringify(reference)}; to choose events, write --type ${JSON.stringify(type)}`,
  );
}

const headOf = async (store: EventStore): Promise<bigint | undefined> => store.head?.();

interface Chosen {
  readonly reference: string | undefined;
  readonly selection: Selection;
  readonly startedAt: Date;
}

async function run(session: Session, command: Command, opened: Opened, chosen: Chosen): Promise<void> {
  const { reference, selection, startedAt } = chosen;
  const { actions, store, output } = opened;
  const flags = command.opts<BacktestFlags>();
  const given = session.options(command);
  const { since, until, prefixes, types, limit } = selection;
  const target = await targetOf(command, opened, reference);
  const head = await headOf(store);
  const tally = createTally(flags.examples);
  const send = flags.send === true;
  // A user who names a target asks for all its answers, not only for the share that is enforced today.
  const enforce = flags.enforce === true || target !== undefined;

  const ended = await withProgress(session, { head, silent: output.isJSON }, (onRead, onEvent) =>
    backtest({
      actions,
      store,
      tally,
      selection,
      target,
      send,
      enforce,
      head,
      onRead,
      onEvent,
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
    // Load the report here: nothing else needs the charts.
    const { htmlReport } = await import('./reporting/html/htmlReport.js');
    await writeReport(command, flags.html, htmlReport(result));
  }
  output.result(result, () => textReport(result, output));
  if (ended.kind === 'interrupted') session.exitCode = exitCodes.interrupted;
  else if (ended.kind !== 'complete') session.exitCode = exitCodes.failed;
}

/** Runs the command. Reports problems with its options before it opens the store. */
export async function runBacktest(
  session: Session,
  command: Command,
  reference: string | undefined,
): Promise<void> {
  const startedAt = new Date();
  const selection = selectionOf(command, startedAt.getTime());
  const { html } = command.opts<BacktestFlags>();
  if (html !== undefined) await assertReportPath(command, html);
  await session.withActions(command, (opened) =>
    run(session, command, opened, { reference, selection, startedAt }),
  );
}
