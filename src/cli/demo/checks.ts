import type { Outcome } from './appendAll.js';
import { digest } from './digest.js';
import type { DeliveryCounts } from './durable.js';
import { endpointNames, type EndpointReport, type PerEndpoint } from './endpointMessages.js';
import { notifies } from './rules.js';
import type { CallTally } from './callTally.js';

/** One number that both sides counted independently. */
export interface Check {
  readonly what: string;
  readonly here: number;
  readonly there: number;
}

/** The counts of the demo and of the endpoints. */
export interface Evidence {
  readonly outcome: Outcome;
  /** Digest of every event that the store returned, by id. */
  readonly stored: ReadonlyMap<string, string>;
  readonly tally: CallTally;
  readonly targetIDs: PerEndpoint<string>;
  readonly reports: PerEndpoint<EndpointReport>;
  readonly deliveries: DeliveryCounts;
}

export const agrees = ({ here, there }: Check): boolean => here === there;

/** How many entries of one map are missing in the other or differ there. */
export function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): number {
  const keys = new Set([...one.keys(), ...other.keys()]);
  return [...keys].filter((key) => one.get(key) !== other.get(key)).length;
}

const waitingOf = ({ status }: DeliveryCounts): number =>
  status.targets.reduce((sum, { lanes }) => sum + lanes, 0);

/** The numbers that must agree. */
export function checksOf({
  outcome,
  stored,
  tally,
  targetIDs,
  reports,
  deliveries,
}: Evidence): readonly Check[] {
  const { appended, vetoed } = outcome;
  const { audit, policy, notifier, archive } = reports;
  const amended = appended.filter(({ id, data }) => stored.get(id) !== digest(data));
  const answered = ['passed', 'amended', 'refused', 'failed'] as const;
  return [
    {
      what: 'events appended = events that the audit endpoint was sent',
      here: appended.length,
      there: audit.received,
    },
    { what: 'events read back from the store = events appended', here: stored.size, there: appended.length },
    {
      what: 'stored bytes that differ from what the audit endpoint was sent',
      here: differences(stored, new Map(Object.entries(audit.digests))),
      there: 0,
    },
    {
      what: 'vetoed appends = refusals that the policy endpoint sent',
      here: vetoed.length,
      there: policy.refused,
    },
    {
      what: 'vetoed events that are in the store',
      here: vetoed.filter(({ event }) => stored.has(event.id)).length,
      there: 0,
    },
    {
      what: 'events stored amended = amendments that the policy endpoint sent',
      here: amended.length,
      there: policy.amended,
    },
    {
      what: 'new issues and releases = events that the notifier endpoint was sent',
      here: appended.filter(({ type }) => notifies(type)).length,
      there: notifier.received,
    },
    {
      what: 'events appended = events that the archive took once it was back',
      here: appended.length,
      there: Object.keys(archive.digests).length,
    },
    {
      what: 'stored bytes that differ from what the archive took',
      here: differences(stored, new Map(Object.entries(archive.digests))),
      there: 0,
    },
    {
      what: 'events that the archive took after a later one of their stream',
      here: archive.disordered,
      there: 0,
    },
    {
      what: 'deliveries that failed = calls that the archive refused while it was down',
      here: deliveries.failed,
      there: archive.refused,
    },
    {
      what: 'deliveries that were made = calls that the archive took',
      here: deliveries.delivered,
      there: archive.received - archive.refused,
    },
    {
      what: 'deliveries that wait or were given up',
      here: deliveries.status.deadLetters + waitingOf(deliveries),
      there: 0,
    },
    ...endpointNames.flatMap((name) => [
      {
        what: `calls that the library reports for ${name} = calls it received`,
        here: tally.of(targetIDs[name], ...answered),
        there: reports[name].received,
      },
      {
        what: `signatures that ${name} verified = calls it received`,
        here: reports[name].verified,
        there: reports[name].received,
      },
    ]),
  ];
}
