import type { Actions } from '../../index.js';
import type { Outcome } from './appendAll.js';
import { agrees, type Check } from './checks.js';
import { endpointNames, type EndpointReport, type PerEndpoint } from './endpointMessages.js';
import type { Storyteller } from './storyteller.js';

/** Counts equal lines, in the order of their first occurrence. */
function counted(lines: readonly string[]): readonly (readonly [line: string, times: number])[] {
  const times = new Map<string, number>();
  for (const line of lines) times.set(line, (times.get(line) ?? 0) + 1);
  return [...times];
}

/** Shows one event for each kind of rule, with the targets that the library would call. */
export function tellRules({ heading, table, say }: Storyteller, actions: Actions): void {
  heading('Rules: the most specific one counts, its targets are called in order');
  table(
    ['star.created', 'release.published', 'issues.edited', 'issues.opened', 'push'].map((event) => {
      const { winner, targets } = actions.explain({ event });
      return [event, '->', winner ?? 'no target', '->', targets.map(({ name }) => name).join(', ')];
    }),
  );
  say('  audit (webhook) and policy (requestResponse) may stop an append; notifier (async) runs beside it.');
  say('  archive (async, durable) is sent every event after it was appended, and is down at first.');
}

export function tellOutage({ heading, say }: Storyteller, appended: number): void {
  heading(`The archive was down while ${appended} events were appended: it comes back now`);
  say('  What it missed is read from the event store again, and sent in the order of each stream.');
}

export function tellOutcome(
  { heading, table, style }: Storyteller,
  { appended, vetoed }: Outcome,
  amendedTypes: readonly string[],
  seconds: string,
): void {
  heading(`Appended ${appended.length} of ${appended.length + vetoed.length} events in ${seconds} s`);
  table([
    ...counted(amendedTypes).map(([type, times]) => [style('yellow', 'amended'), times, type]),
    ...counted(vetoed.map(({ event, status, reason }) => `${event.type}  ${status}  ${reason}`)).map(
      ([line, times]) => [style('red', 'vetoed'), times, line],
    ),
  ]);
}

export function tellReports({ heading, table }: Storyteller, reports: PerEndpoint<EndpointReport>): void {
  heading('What the endpoints counted by themselves');
  table([
    ['', 'received', 'signatures verified', 'amended', 'refused'],
    ...endpointNames.map((name) => {
      const { received, verified, amended, refused } = reports[name];
      return [name, received, verified, amended, refused];
    }),
  ]);
}

export function tellChecks({ heading, table, style }: Storyteller, checks: readonly Check[]): void {
  heading('Do the numbers agree?');
  table(
    checks.map((check) => [
      agrees(check) ? style('green', 'yes') : style('red', 'NO'),
      check.here,
      agrees(check) ? '' : `not ${check.there}`,
      check.what,
    ]),
  );
}
