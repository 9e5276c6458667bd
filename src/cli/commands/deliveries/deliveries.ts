import { InvalidArgumentError, Option, type Command } from 'commander';
import { TargetNotFoundError } from '../../../errors.js';
import type {
  Actions,
  Deliveries,
  DeliveryItem,
  DiscardRequest,
  ReplayRequest,
  Requested,
} from '../../../index.js';
import type { Session } from '../../session/commandSession.js';
import { answerFromCommandLine, exitCodes, UsageError } from '../../shell/failure.js';
import { addLimit } from '../../shell/flags.js';
import { findTarget } from '../../shell/references.js';
import { writtenTime } from '../../shell/writtenTime.js';
import { addGroup, withDeliveries } from './openDeliveries.js';

interface Delivering {
  readonly actions: Actions;
  readonly deliveries: Deliveries;
}

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
  readonly from?: bigint | Date;
  readonly to?: bigint | Date;
}

const columns = ['ID', 'TARGET', 'STREAM', 'VERSION', 'STATE', 'ATTEMPTS', 'STATUS'];

/** Where `caller` or `eventName` threw, a dead letter has no target. */
const shownTarget = (targetID: string): string => (targetID === '' ? '(none)' : targetID);

const rowOf = ({
  id,
  targetID,
  stream,
  version,
  state,
  attempts,
  status,
}: DeliveryItem): readonly string[] => [
  id,
  shownTarget(targetID),
  stream,
  String(version),
  state,
  String(attempts),
  status === undefined ? '' : String(status),
];

/** Parses a position or a time. */
function parsePlace(text: string): bigint | Date {
  if (/^\d{1,39}$/.test(text)) return BigInt(text);
  const time = writtenTime(text);
  if (!time) throw new InvalidArgumentError('Write a position, or a time as 2027-01-31T12:00:00Z.');
  return time;
}

function selected(ids: readonly string[], flags: SelectFlags): DiscardRequest {
  const { target, reason } = flags;
  if (ids.length > 0) {
    const other = Object.keys(flags).find((name) => ['target', 'reason', 'from', 'to'].includes(name));
    if (other !== undefined) throw new UsageError(`name ids, or --${other}, and not both; nothing was asked`);
    return { ids };
  }
  if (target === undefined) throw new UsageError('which dead letters? name ids, or a target with --target');
  return { targetID: target, ...(reason !== undefined && { reason }) };
}

function replayOf(ids: readonly string[], flags: SelectFlags): ReplayRequest {
  const { target, reason, from, to } = flags;
  if (ids.length > 0 || (from === undefined && to === undefined)) return selected(ids, flags);
  if (reason !== undefined) throw new UsageError('--reason selects dead letters, and no period');
  if (target === undefined || from === undefined || to === undefined)
    throw new UsageError(
      'a period is written --target <target> --from <position or time> --to <position or time>',
    );
  return { targetID: target, from, to };
}

/**
 * The id of a target that is given by id or name. Dead letters outlive their target, and other instances have targets too: an
 * id that has deliveries is known. `''` stands for dead letters without a target.
 *
 * @throws {@link TargetNotFoundError}
 */
async function deliveredTarget({ actions, deliveries }: Delivering, reference: string): Promise<string> {
  if (reference === '') return '';
  const found = await findTarget(actions, reference);
  if (found) return found.id;
  const { targets } = await deliveries.status();
  if (!targets.some(({ targetID }) => targetID === reference)) throw new TargetNotFoundError(reference);
  return reference;
}

/** @throws {@link UsageError} for an id of no dead letter: nothing was asked then */
async function requireLetters({ deliveries }: Delivering, ids: readonly string[]): Promise<void> {
  for (const id of ids)
    if ((await deliveries.show(id))?.state !== 'parked')
      throw new UsageError(`no dead letter has the id ${JSON.stringify(id)}; nothing was asked`);
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
    .option('--target <target>', 'all dead letters of a target')
    .option('--reason <reason>', 'with --target: only dead letters with this reason')
    .addHelpText('after', exampleOf(`${name} --target crm`));
  if (name === 'replay')
    command
      .option('--from <place>', 'the events of a period: from this position or time on', parsePlace)
      .option('--to <place>', 'the events of a period: before this position or time', parsePlace);
  command.action(async (ids: readonly string[], flags: SelectFlags, called: Command) => {
    // Report a wrong command line before opening the store.
    const request = name === 'replay' ? replayOf(ids, flags) : selected(ids, flags);
    await withDeliveries(session, called, async (opened) => {
      const { deliveries: api, output } = opened;
      await requireLetters(opened, ids);
      const settled =
        'targetID' in request
          ? { ...request, targetID: await deliveredTarget(opened, request.targetID) }
          : request;
      const asked = await ('from' in settled ? api.replay(settled) : api[name](settled));
      output.result(asked, () => `asked the workers to ${name} ${whatOf(flags, asked)}\n`);
    });
  });
}

export function addDeliveries(program: Command, session: Session): void {
  const deliveries = program
    .command('deliveries')
    .description('deliveries to durable targets: waiting deliveries and dead letters')
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
              shownTarget(targetID),
              state,
              String(lanes),
              String(deadLetters),
            ]),
          ),
        );
      });
    });

  addLimit(
    addGroup(deliveries.command('list'))
      .addHelpText('after', exampleOf('list --state parked'))
      .description('deliveries that wait after a failure, and dead letters')
      .option('--target <target>', 'of one target')
      .option('--stream <name>', 'of one stream')
      .addOption(
        new Option('--state <state>', 'only what waits, or only dead letters').choices(['waiting', 'parked']),
      ),
  )
    .option('--after <next>', 'the cursor `next` of the previous page')
    .action(async (flags: ListFlags, command: Command) => {
      const { target, limit, stream, state, after } = flags;
      await withDeliveries(session, command, async (opened) => {
        const { deliveries: api, output } = opened;
        const targetID = target === undefined ? undefined : await deliveredTarget(opened, target);
        const page = await answerFromCommandLine(() =>
          api.list({
            ...(targetID !== undefined && { targetID }),
            ...(stream !== undefined && { stream }),
            ...(state !== undefined && { state }),
            ...(limit !== undefined && { limit }),
            ...(after !== undefined && { after }),
          }),
        );
        output.result(page, () => output.table(columns, page.items.map(rowOf)));
      });
    });

  addGroup(deliveries.command('show <id>'))
    .addHelpText('after', exampleOf('show msg_2cV7'))
    .description('show one delivery')
    .action(async (id: string, _flags: unknown, command: Command) => {
      await withDeliveries(session, command, async ({ deliveries: api, output }) => {
        const item = await api.show(id);
        if (!item)
          throw new UsageError(`there is no waiting delivery and no dead letter ${JSON.stringify(id)}`);
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
