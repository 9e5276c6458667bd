import type { Command } from 'commander';
import type { DeliveryItem, DiscardRequest, ReplayRequest, Requested } from '../../../index.js';
import type { Session } from '../../session/commandSession.js';
import { exitCodes, UsageError } from '../../shell/failure.js';
import { parseNumber } from '../../shell/flags.js';
import { addGroup, withDeliveries } from './openDeliveries.js';

interface ListFlags {
  readonly target?: string;
  readonly stream?: string;
  readonly state?: 'waiting' | 'parked';
  readonly limit?: number;
  readonly after?: string;
}

interface SelectFlags {
  readonly target?: string;
  readonly reason?: string;
  readonly from?: string;
  readonly to?: string;
}

const columns = ['ID', 'TARGET', 'STREAM', 'VERSION', 'STATE', 'ATTEMPTS', 'STATUS'];

const rowOf = ({
  id,
  targetID,
  stream,
  version,
  state,
  attempts,
  status,
}: DeliveryItem): readonly string[] => [
  ...[
    id,
    targetID,
    stream,
    String(version),
    state,
    String(attempts),
    status === undefined ? '' : String(status),
  ],
];

/** A position, or a time. */
function placeOf(text: string): bigint | Date {
  if (/^\d{1,39}$/.test(text)) return BigInt(text);
  const time = new Date(text);
  // Date takes nearly everything for a time: -5 for a day of May 2001.
  if (!/^\d{4}-\d\d-\d\d(?:T|$)/.test(text) || Number.isNaN(time.getTime()))
    throw new UsageError(`write a position, or a time as 2027-01-31T12:00:00Z, not ${text}`);
  return time;
}

function selected(ids: readonly string[], { target, reason }: SelectFlags): DiscardRequest {
  if (ids.length > 0) return { ids };
  if (target === undefined) throw new UsageError('which? name ids, or a target with --target');
  return { targetID: target, ...(reason !== undefined && { reason }) };
}

function replayOf(ids: readonly string[], flags: SelectFlags): ReplayRequest {
  const { target, from, to } = flags;
  if (from === undefined && to === undefined) return selected(ids, flags);
  if (target === undefined || from === undefined || to === undefined)
    throw new UsageError(
      'a period is written --target <id> --from <position or time> --to <position or time>',
    );
  return { targetID: target, from: placeOf(from), to: placeOf(to) };
}

const exampleOf = (words: string): string =>
  `\nExample:\n  $ eventstore-actions deliveries ${words} --deliveries ./deliveries.db\n`;

const whatOf = ({ from }: SelectFlags, { deadLetters }: Requested): string =>
  from === undefined ? `${deadLetters} dead letter${deadLetters === 1 ? '' : 's'}` : 'the period';

function addAsking(
  deliveries: Command,
  session: Session,
  name: 'replay' | 'discard',
  description: string,
): void {
  const command = addGroup(deliveries.command(`${name} [ids...]`))
    .description(description)
    .option('--target <id>', 'all dead letters of a target')
    .option('--reason <reason>', 'of those, only dead letters of this reason')
    .addHelpText('after', exampleOf(`${name} --target <id>`));
  if (name === 'replay')
    command
      .option('--from <place>', 'all events of a period: from this position or time on')
      .option('--to <place>', 'and before this one');
  command.action(async (ids: readonly string[], flags: SelectFlags, called: Command) => {
    await withDeliveries(session, called, async ({ deliveries: api, output }) => {
      const asked =
        name === 'replay' ? await api.replay(replayOf(ids, flags)) : await api.discard(selected(ids, flags));
      output.result(asked, () => `asked the workers to ${name} ${whatOf(flags, asked)}\n`);
    });
  });
}

export function addDeliveries(program: Command, session: Session): void {
  const deliveries = program
    .command('deliveries')
    .description('deliveries to durable targets: what waits, and dead letters')
    .addHelpText('after', exampleOf('status'));

  addGroup(deliveries.command('status'))
    .addHelpText('after', exampleOf('status'))
    .description('the state of each durable target; exit code 3 where one is not healthy')
    .action(async (_flags: unknown, command: Command) => {
      await withDeliveries(session, command, async ({ deliveries: api, output }) => {
        const status = await api.status();
        if (!status.healthy) session.exitCode = exitCodes.drift;
        output.result(status, () =>
          output.table(
            ['TARGET', 'STATE', 'WAITING', 'DEAD LETTERS'],
            status.targets.map(({ targetID, state, lanes, deadLetters }) => [
              ...[targetID, state, String(lanes), String(deadLetters)],
            ]),
          ),
        );
      });
    });

  addGroup(deliveries.command('list'))
    .addHelpText('after', exampleOf('list --state parked'))
    .description('deliveries that wait after a failure, and dead letters')
    .option('--target <id>', 'of one target')
    .option('--stream <name>', 'of one stream')
    .option('--state <state>', 'waiting or parked')
    .option('--limit <count>', 'at most 1000', parseNumber)
    .option('--after <next>', 'the page after a previous one')
    .action(async (flags: ListFlags, command: Command) => {
      const { target, limit, stream, state, after } = flags;
      await withDeliveries(session, command, async ({ deliveries: api, output }) => {
        const page = await api.list({
          ...(target !== undefined && { targetID: target }),
          ...(stream !== undefined && { stream }),
          ...(state !== undefined && { state }),
          ...(limit !== undefined && { limit }),
          ...(after !== undefined && { after }),
        });
        output.result(page, () => output.table(columns, page.items.map(rowOf)));
      });
    });

  addGroup(deliveries.command('show <id>'))
    .addHelpText('after', exampleOf('show dlv_1'))
    .description('one of them')
    .action(async (id: string, _flags: unknown, command: Command) => {
      await withDeliveries(session, command, async ({ deliveries: api, output }) => {
        const item = await api.show(id);
        if (!item) throw new UsageError(`no delivery ${JSON.stringify(id)} waits or is a dead letter`);
        output.result(item, () =>
          output.details(
            Object.entries(item).map(([name, value]: [string, unknown]) => [
              name,
              value instanceof Date ? value.toISOString() : String(value),
            ]),
          ),
        );
      });
    });

  addAsking(deliveries, session, 'replay', 'send dead letters, or the events of a period, again');
  addAsking(deliveries, session, 'discard', 'discard dead letters for good');
}
