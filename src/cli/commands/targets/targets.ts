import { Option, type Command } from 'commander';
import { TargetNotFoundError } from '../../../errors.js';
import type { TargetSortField, TargetType } from '../../../index.js';
import { formatDuration, parseDuration } from '../../shell/duration.js';
import { collected, parseText } from '../../shell/flags.js';
import { answerFromCommandLine } from '../../shell/failure.js';
import { findTarget, targetID } from '../../shell/references.js';
import type { Session } from '../../session/commandSession.js';
import { longestTargetID, targetTypes } from '../../../target/settings.js';
import { printable } from '../../../lib/shown/printable.js';
import { addPageOptions, pageOf, type PageFlags } from '../pageOptions.js';
import { parseName } from '../../shell/settingTexts.js';
import { noteLatePlace, stillNamed } from './targetNotes.js';
import { detailsOf, enforcementOf, interruptsOf } from './targetText.js';
import { addTargetOptions, headersOf, settingsOf, type TargetFlags } from './targetOptions.js';

interface ListFlags extends PageFlags<TargetSortField> {
  readonly name?: string;
  readonly nameEquals?: string;
  readonly nameStarts?: string;
  readonly nameEnds?: string;
  readonly matchCase?: boolean;
  readonly id?: readonly string[];
  readonly type?: TargetType;
}

const sortFields = [
  'id',
  'created',
  'changed',
  'name',
  'type',
  'endpoint',
  'timeoutMs',
  'interruptOnError',
] as const satisfies readonly TargetSortField[];
const parseTargetID = parseText(longestTargetID);
/** A previous key is for the time until every endpoint has the new one. */
const longestGraceMs = 365 * 86_400_000;
const keepIt =
  'Keep the signing key: no other command shows it, and the endpoint needs it to verify its calls.';

const withoutGrace =
  'The previous key no longer signs: an endpoint that has only the previous key refuses calls from now on. ' +
  'With --grace 1d both keys sign for a day.';

function addAdd(targets: Command, session: Session): void {
  addTargetOptions(targets.command('add'), true)
    .description('add a target and show its signing key; no other command shows this key')
    .addHelpText(
      'after',
      `
Types:
  webhook          called before the operation goes on; its status decides, and of its answer only a
                   refusal is read
  requestResponse  called before the operation goes on; it may refuse, and its answer amends the operation
  async            called without waiting; it may neither refuse nor amend

Examples:
  $ eventstore-actions targets add --name crm --type webhook --endpoint https://crm.example/hook
  $ eventstore-actions targets add --name policy --type requestResponse --endpoint https://policy.example/ \\
      --timeout 2s --interrupt-on-error --header-env authorization=POLICY_TOKEN
`,
    )
    .action(async (flags: TargetFlags, command: Command) => {
      const { name = '', type = 'webhook', endpoint = '' } = flags;
      const headers = headersOf(flags, session.terminal);
      const input = { ...settingsOf(flags), name, type, endpoint, headers };
      await session.withActions(
        command,
        async ({ actions, store, output }) => {
          const added = await actions.targets.add(input);
          output.result(added, () =>
            output.details([
              ['id', added.id],
              ['signing key', added.signingKey],
            ]),
          );
          output.note(keepIt);
          await noteLatePlace(flags, store, output);
        },
        { mayCreate: true, needsKeyring: true, check: ({ targets }) => targets.add(input) },
      );
    });
}

function addList(targets: Command, session: Session): void {
  addPageOptions(targets.command('list'), sortFields)
    .description('list the targets that pass all given filters')
    .addHelpText(
      'after',
      `
Examples:
  $ eventstore-actions targets list --name policy
  $ eventstore-actions targets list --type async --sort changed --descending --limit 10
`,
    )
    .option('--name <text>', 'only targets whose name contains this text', parseName)
    .option('--name-equals <text>', 'only targets with this name', parseName)
    .option('--name-starts <text>', 'only targets whose name starts with this text', parseName)
    .option('--name-ends <text>', 'only targets whose name ends with this text', parseName)
    .option('--match-case', 'distinguish upper and lower case in names')
    .option('--id <id...>', 'only targets with these ids', collected(parseTargetID))
    .addOption(new Option('--type <type>', 'only targets of this type').choices(targetTypes))
    .action(async (flags: ListFlags, command: Command) => {
      const { name, nameEquals, nameStarts, nameEnds, id, type } = flags;
      const names = {
        ...(name !== undefined && { contains: name }),
        ...(nameEquals !== undefined && { equals: nameEquals }),
        ...(nameStarts !== undefined && { startsWith: nameStarts }),
        ...(nameEnds !== undefined && { endsWith: nameEnds }),
      };
      const filter = {
        ...(Object.keys(names).length > 0 && { name: { ...names, ignoreCase: flags.matchCase !== true } }),
        ...(id && { ids: id }),
        ...(type && { type }),
      };
      await session.withActions(command, async ({ actions, output }) => {
        const page = await actions.targets.list({ ...pageOf(flags), filter });
        output.result(page, () =>
          output.table(
            ['ID', 'NAME', 'TYPE', 'ENDPOINT', 'TIMEOUT', 'INTERRUPTS', 'ENFORCEMENT'],
            page.items.map((target) => [
              target.id,
              target.name,
              target.type,
              target.endpoint,
              formatDuration(target.timeoutMs),
              interruptsOf(target),
              enforcementOf(target),
            ]),
          ),
        );
        output.note(`${page.items.length} of ${page.total}`);
      });
    });
}

function addShow(targets: Command, session: Session): void {
  targets
    .command('show')
    .description('show one target; header values stay hidden')
    .argument('<target>', 'id or name', parseName)
    .addHelpText('after', "\nExample:\n  $ eventstore-actions targets show 'order policy'\n")
    .action(async (reference: string, _flags: unknown, command: Command) => {
      await session.withActions(command, async ({ actions, output }) => {
        const target = await findTarget(actions, reference);
        if (!target) throw new TargetNotFoundError(reference);
        output.result(target, () => detailsOf(target, output));
      });
    });
}

function addChange(targets: Command, session: Session): void {
  addTargetOptions(targets.command('change'), false)
    .description('change only the given settings')
    .argument('<target>', 'id or name', parseName)
    .addHelpText(
      'after',
      `
Examples:
  $ eventstore-actions targets change crm --endpoint https://crm.example/v2 --timeout 500ms
  $ eventstore-actions targets change crm --header-env authorization=CRM_TOKEN --remove-header x-old
  $ eventstore-actions targets change 'order policy' --enforcement observe
`,
    )
    .action(async (reference: string, flags: TargetFlags, command: Command) => {
      const set = headersOf(flags, session.terminal);
      await session.withActions(command, async ({ actions, store, output }) => {
        const target = await findTarget(actions, reference);
        if (!target) throw new TargetNotFoundError(reference);
        const removed = new Set(flags.removeHeader);
        const kept = Object.keys(target.headers).filter((name) => !removed.has(name));
        const touchesHeaders = removed.size > 0 || Object.keys(set).length > 0;
        const headers = { ...Object.fromEntries(kept.map((name) => [name, null])), ...set };
        const change = { ...settingsOf(flags), ...(touchesHeaders && { headers }) };
        const changed = await answerFromCommandLine(() => actions.targets.previewChange(target.id, change));
        const { position } = await actions.targets.change(target.id, change);
        output.result({ id: target.id, changed, position }, () =>
          changed.length === 0 ? 'nothing to change\n' : `changed ${printable(changed.join(', '))}\n`,
        );
        await noteLatePlace(flags, store, output);
      });
    });
}

function addRemove(targets: Command, session: Session): void {
  targets
    .command('remove')
    .description('remove a target; executions that name it skip it from then on')
    .argument('<target>', 'id or name', parseName)
    .addHelpText('after', '\nExample:\n  $ eventstore-actions targets remove crm\n')
    .action(async (reference: string, _flags: unknown, command: Command) => {
      await session.withActions(command, async ({ actions, output }) => {
        const target = await findTarget(actions, reference);
        const id = target?.id ?? reference;
        const naming = target && (await actions.executions.list({ filter: { target: id } }));
        const { position } = await actions.targets.remove(id);
        output.result({ id, removed: target !== undefined, position }, () =>
          target ? `removed ${printable(id)}\n` : 'there is no such target; nothing to remove\n',
        );
        if (naming && naming.total > 0) output.note(stillNamed(naming));
      });
    });
}

function addRotateKey(targets: Command, session: Session): void {
  targets
    .command('rotate-key')
    .description('make a new signing key and show it; no other command shows this key')
    .argument('<target>', 'id or name', parseName)
    .option(
      '--grace <duration>',
      'how long the previous key keeps signing, up to 365d',
      parseDuration(longestGraceMs),
    )
    .addHelpText('after', "\nExample:\n  $ eventstore-actions targets rotate-key 'order policy' --grace 1d\n")
    .action(async (reference: string, { grace }: { readonly grace?: number }, command: Command) => {
      await session.withActions(
        command,
        async ({ actions, output }) => {
          const id = await targetID(actions, reference);
          const rotated = await actions.targets.rotateSigningKey(id, { graceMs: grace ?? 0 });
          output.result({ id, ...rotated }, () =>
            output.details([
              ['id', id],
              ['signing key', rotated.signingKey],
            ]),
          );
          output.note(keepIt);
          if (grace === undefined) output.note(withoutGrace);
        },
        { needsKeyring: true },
      );
    });
}

export function addTargets(program: Command, session: Session): Command {
  const targets = program
    .command('targets')
    .description('the endpoints to call')
    .addHelpText(
      'after',
      `
Examples:
  $ eventstore-actions targets add --name crm --type webhook --endpoint https://crm.example/hook
  $ eventstore-actions targets list --name policy --type requestResponse
  $ eventstore-actions targets change crm --timeout 500ms
  $ eventstore-actions help targets add
`,
    );

  addAdd(targets, session);
  addList(targets, session);
  addShow(targets, session);
  addChange(targets, session);
  addRemove(targets, session);
  addRotateKey(targets, session);
  return targets;
}
