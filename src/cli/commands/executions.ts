import { Option, type Command } from 'commander';
import { isActionsError, TargetNotFoundError } from '../../errors.js';
import type { Actions, Condition, EntryInput, ExecutionFilter, ExecutionSortField } from '../../index.js';
import { shownValue } from '../../lib/reading/shownValue.js';
import { UsageError } from '../shell/failure.js';
import { conditionNamed, entryOf, findTarget } from '../shell/references.js';
import { printable } from '../../lib/shown/printable.js';
import { collected } from '../shell/flags.js';
import { parseName } from '../shell/settingTexts.js';
import type { Session } from '../session/commandSession.js';
import { addPageOptions, pageOf, type PageFlags } from './pageOptions.js';

interface ListFlags extends PageFlags<ExecutionSortField> {
  readonly condition?: readonly string[];
  readonly type?: NonNullable<ExecutionFilter['type']>;
  readonly target?: string;
  readonly include?: string;
}

const sortFields = ['id', 'created', 'changed'] as const satisfies readonly ExecutionSortField[];
const conditionHelp =
  'its id: event/order.placed, event/order.*, event, request/pkg.Service/Method, function/name';
const listing = () => import('../declaration/current.js');

const idsAtOnce = 100;

/** The names of the targets in lists, by id. A removed target has no name. */
async function namesOf(
  { targets }: Actions,
  entries: readonly EntryInput[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(entries.filter((entry) => typeof entry === 'string'))];
  const names = new Map<string, string>();
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const named = await targets.list({
      filter: { ids: ids.slice(start, start + idsAtOnce) },
      limit: idsAtOnce,
    });
    for (const { id, name } of named.items) names.set(id, name);
  }
  return names;
}

const nameIn = (names: ReadonlyMap<string, string>, entry: EntryInput): string | undefined =>
  typeof entry === 'string' ? names.get(entry) : undefined;

async function exists({ executions }: Actions, condition: Condition): Promise<boolean> {
  try {
    await executions.get(condition);
    return true;
  } catch (error) {
    if (isActionsError(error, 'EXECUTION_NOT_FOUND')) return false;
    throw error;
  }
}

/** The condition of `executions set`. Tells where it stands behind a target. */
async function conditionOfList(id: string, texts: readonly string[]): Promise<Condition> {
  try {
    return await conditionNamed(id);
  } catch (error) {
    for (const text of texts)
      if (await conditionNamed(text).catch(() => undefined))
        throw new UsageError(
          `${shownValue(id)} is not a condition: the condition comes first, as in executions set ${shownValue(text)} ${shownValue(id)}`,
          { cause: error },
        );
    throw error;
  }
}

function addList(executions: Command, session: Session): void {
  addPageOptions(executions.command('list'), sortFields)
    .description('list the executions that pass all given filters')
    .addHelpText(
      'after',
      `
Examples:
  $ eventstore-actions executions list --type event --sort changed --descending
  $ eventstore-actions executions list --include 'event/order.*'
`,
    )
    .option('--condition <condition...>', 'only executions of these conditions', collected(parseName))
    .addOption(
      new Option('--type <type>', 'only executions of this type').choices([
        'request',
        'response',
        'function',
        'event',
      ]),
    )
    .option('--target <target>', 'only executions whose list names this target', parseName)
    .option('--include <condition>', 'only executions whose list includes this one', parseName)
    .action(async (flags: ListFlags, command: Command) => {
      const { condition = [], type, target, include } = flags;
      const conditions = await Promise.all(condition.map(conditionNamed));
      const included = include === undefined ? undefined : await conditionNamed(include);
      const { entryKey } = await listing();
      await session.withActions(command, async ({ actions, output }) => {
        const named = target === undefined ? undefined : await findTarget(actions, target);
        const page = await actions.executions.list({
          ...pageOf(flags),
          filter: {
            ...(conditions.length > 0 && { conditions }),
            ...(type && { type }),
            ...(target !== undefined && { target: named?.id ?? target }),
            ...(included && { include: included }),
          },
        });
        // Accept the id of a removed target, which lists may still contain; an unknown name is a mistake.
        if (target !== undefined && !named && page.total === 0) throw new TargetNotFoundError(target);
        if (included && page.total === 0) await actions.executions.get(included);
        const names = await namesOf(
          actions,
          page.items.flatMap(({ targets }) => targets),
        );
        output.result(page, () =>
          output.table(
            ['CONDITION', 'TARGETS'],
            page.items.map(({ id, targets }) => [
              id,
              targets.map((entry) => nameIn(names, entry) ?? entryKey(entry)).join(', '),
            ]),
          ),
        );
        output.note(`${page.items.length} of ${page.total}`);
      });
    });
}

export function addExecutions(program: Command, session: Session): void {
  const executions = program
    .command('executions')
    .description('which targets are called, and when')
    .addHelpText(
      'after',
      `
Of the matching conditions, only the list of the most exact one is called.

Examples:
  $ eventstore-actions executions set 'event/order.*' 'order policy' crm
  $ eventstore-actions executions list --target crm
  $ eventstore-actions explain event/order.placed
`,
    );

  executions
    .command('set')
    .description('set the complete list of a condition, in order')
    .argument('<condition>', conditionHelp)
    .argument(
      '[targets...]',
      'ids or names of targets; include:<condition> for the list of another; none for an empty list',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ eventstore-actions executions set 'event/order.*' 'order policy' crm
  $ eventstore-actions executions set event/order.placed fraud 'include:event/order.*'
`,
    )
    .action(async (id: string, texts: readonly string[], _flags: unknown, command: Command) => {
      const condition = await conditionOfList(id, texts);
      await session.withActions(command, async ({ actions, output }) => {
        const entries: EntryInput[] = [];
        for (const text of texts) entries.push(await entryOf(actions, text));
        const { position } = await actions.executions.set(condition, entries);
        output.result({ id, targets: entries, position }, () => `set ${printable(id)}\n`);
        const [kind = '', name] = id.split('/');
        // Functions have no condition for all.
        if (name === 'all' && kind !== 'function')
          output.note(`${id} is the ${kind} with the name "all"; write ${kind} for every ${kind}.`);
      });
    });

  addList(executions, session);

  executions
    .command('show')
    .description('show the list of one condition')
    .argument('<condition>', conditionHelp)
    .addHelpText('after', "\nExample:\n  $ eventstore-actions executions show 'event/order.*'\n")
    .action(async (id: string, _flags: unknown, command: Command) => {
      const condition = await conditionNamed(id);
      await session.withActions(command, async ({ actions, output }) => {
        const execution = await actions.executions.get(condition);
        const { entryKey } = await listing();
        const names = await namesOf(actions, execution.targets);
        output.result(execution, () =>
          [
            output.table(
              ['TARGET', 'NAME'],
              execution.targets.map((entry) => [
                entryKey(entry),
                typeof entry === 'string' ? (nameIn(names, entry) ?? '(removed)') : '',
              ]),
            ),
            output.details([
              ['created', execution.created.toISOString()],
              ['changed', execution.changed.toISOString()],
            ]),
          ].join('\n'),
        );
      });
    });

  executions
    .command('remove')
    .description('remove an execution; the broader ones then apply')
    .argument('<condition>', conditionHelp)
    .addHelpText('after', '\nExample:\n  $ eventstore-actions executions remove event/order.placed\n')
    .action(async (id: string, _flags: unknown, command: Command) => {
      const condition = await conditionNamed(id);
      await session.withActions(command, async ({ actions, output }) => {
        const removed = await exists(actions, condition);
        const { position } = await actions.executions.remove(condition);
        output.result({ id, removed, position }, () =>
          removed ? `removed ${printable(id)}\n` : 'there is no such execution; nothing to remove\n',
        );
      });
    });
}
