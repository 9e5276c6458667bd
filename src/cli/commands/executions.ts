import { Option, type Command } from 'commander';
import type { EntryInput, ExecutionFilter, ExecutionSortField } from '../../index.js';
import { entryOf, targetID } from '../shell/references.js';
import type { Session } from '../shell/session.js';
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
/** Loaded by the commands that need it, so that help and completion answer at once. */
const library = () => import('../../index.js');
const listing = () => import('../declaration/current.js');

export function addExecutions(program: Command, session: Session): void {
  const executions = program
    .command('executions')
    .description('which targets are called, and when')
    .addHelpText(
      'after',
      `
Of the conditions that match, the most exact one wins, and its list alone is called.

Examples:
  $ eventstore-actions executions set 'event/order.*' 'order policy' crm
  $ eventstore-actions executions list --target crm
  $ eventstore-actions explain event/order.placed
`,
    );

  executions
    .command('set')
    .description('set the list of a condition, whole and in order')
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
      const condition = (await library()).conditionOf(id);
      await session.withActions(command, async ({ actions, report }) => {
        const entries: EntryInput[] = [];
        for (const text of texts) entries.push(await entryOf(actions, text));
        const { position } = await actions.executions.set(condition, entries);
        report.result({ id, targets: entries, position }, () => `set ${id}\n`);
      });
    });

  addPageOptions(executions.command('list'), sortFields)
    .description('list executions; every filter that is given has to hold')
    .addHelpText(
      'after',
      `
Examples:
  $ eventstore-actions executions list --type event --sort changed --descending
  $ eventstore-actions executions list --include 'event/order.*'
`,
    )
    .option('--condition <condition...>', 'of these conditions')
    .addOption(
      new Option('--type <type>', 'of this type').choices(['request', 'response', 'function', 'event']),
    )
    .option('--target <target>', 'whose list names this target')
    .option('--include <condition>', 'whose list includes this one')
    .action(async (flags: ListFlags, command: Command) => {
      const { condition, type, target, include } = flags;
      const { conditionOf } = await library();
      const { entryKey } = await listing();
      await session.withActions(command, async ({ actions, report }) => {
        const page = await actions.executions.list({
          ...pageOf(flags),
          filter: {
            ...(condition && { conditions: condition.map(conditionOf) }),
            ...(type && { type }),
            ...(target !== undefined && { target: await targetID(actions, target) }),
            ...(include !== undefined && { include: conditionOf(include) }),
          },
        });
        report.result(page, () =>
          report.table(
            ['CONDITION', 'TARGETS'],
            page.items.map(({ id, targets }) => [id, targets.map(entryKey).join(', ')]),
          ),
        );
        report.note(`${page.items.length} of ${page.total}`);
      });
    });

  executions
    .command('show')
    .description('show the list of one condition')
    .argument('<condition>', conditionHelp)
    .addHelpText('after', "\nExample:\n  $ eventstore-actions executions show 'event/order.*'\n")
    .action(async (id: string, _flags: unknown, command: Command) => {
      const condition = (await library()).conditionOf(id);
      await session.withActions(command, async ({ actions, report }) => {
        const execution = await actions.executions.get(condition);
        const { entryKey } = await listing();
        const ids = execution.targets.filter((entry) => typeof entry === 'string');
        const named = await actions.targets.list({ filter: { ids } });
        const names = new Map(named.items.map((target) => [target.id, target.name]));
        report.result(execution, () =>
          [
            report.table(
              ['TARGET', 'NAME'],
              execution.targets.map((entry) => [
                entryKey(entry),
                typeof entry === 'string' ? (names.get(entry) ?? '(removed)') : '',
              ]),
            ),
            report.details([
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
      const condition = (await library()).conditionOf(id);
      await session.withActions(command, async ({ actions, report }) => {
        const { position } = await actions.executions.remove(condition);
        report.result({ id, position }, () => `removed ${id}\n`);
      });
    });
}
