import type { ChangedFields } from '../tallying/changedFields.js';
import { count, percent } from '../../../lib/shown/figures.js';
import type { BacktestReport } from '../tallying/backtestReport.js';

/** The events that were rehearsed, in one sentence. */
export function selectionText({ selection, target }: BacktestReport): string {
  const { prefixes, types, since, until, limit } = selection;
  return [
    types.length === 0 ? 'events of every type' : `events of type ${types.join(', ')}`,
    ...(prefixes.length === 0 ? [] : [`in streams that begin with ${prefixes.join(', ')}`]),
    ...(since === null ? [] : [`created at ${since} or later`]),
    ...(until === null ? [] : [`created before ${until}`]),
    ...(limit === null ? [] : [`${count(limit)} at the most`]),
    target === null ? 'for the targets of their executions' : `for target ${target.name} alone`,
  ].join(', ');
}

/** The main finding, in one sentence. */
export function findingText({ sent, events, calls }: BacktestReport): string {
  if (!sent)
    return `${count(events.matched)} of ${count(events.chosen)} events would bring ${count(calls.total)} calls at the most. No target was called: call with --send.`;
  const asked = events.passed + events.amended + events.vetoed + events.failed;
  const of = (value: number) => `${count(value)} (${percent(value, asked)})`;
  return `Of ${count(asked)} events, ${of(events.vetoed)} would have been vetoed, ${of(events.amended)} amended, ${of(events.failed)} stopped by a failure, and ${of(events.passed)} appended as they are.`;
}

/** Why the run ended before every event was read; `undefined` where it did not. */
export function endingText({ ended, events }: BacktestReport): string | undefined {
  const cutOff =
    events.cutOff === 0 ? '' : ` ${count(events.cutOff)} events were under way and are not counted.`;
  switch (ended.kind) {
    case 'complete':
      return undefined;
    case 'interrupted':
      return `Interrupted: the report has the results so far.${cutOff}`;
    case 'gave-up':
      return `Gave up: ${ended.message ?? ''}.${cutOff}`;
    case 'failed':
      return `Failed before the end: ${ended.message ?? ''}.${cutOff}`;
  }
}

/** Notes on figures that readers may overlook. */
export function caveats({ sent, events, calls, enforced, selection }: BacktestReport): readonly string[] {
  return [
    ...(events.chosen === 0 && selection.types.length > 0
      ? [
          `None of the ${count(events.read)} events that were read was chosen: check the spelling of ${selection.types.join(', ')}; upper and lower case count.`,
        ]
      : []),
    ...(sent && calls.observed > 0
      ? [
          `${count(calls.observed)} calls went to observed targets, whose answers change no event here; --enforce counts them.`,
        ]
      : []),
    ...(sent && enforced ? ['Observed targets were judged as if they were enforced.'] : []),
    ...(events.skipped > 0
      ? [`${count(events.skipped)} events could not be rehearsed; see the examples.`]
      : []),
  ];
}

/** `+ approved, ~ total, - note` */
export const changedText = ({ added, changed, removed }: ChangedFields): string =>
  [
    ...added.map((name) => `+ ${name}`),
    ...changed.map((name) => `~ ${name}`),
    ...removed.map((name) => `- ${name}`),
  ].join(', ');
