import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { Step } from '../../declaration/plan.js';
import { exitCodes, UsageError } from '../../shell/failure.js';
import { readInput } from '../../shell/inputFile.js';
import type { CommandOutput } from '../../shell/commandOutput.js';
import { keyringMissing, type Session } from '../../session/commandSession.js';
import { printable } from '../../../lib/shown/printable.js';

interface Flags {
  readonly yes?: boolean;
  readonly prune?: boolean;
  readonly dryRun?: boolean;
}

interface Created {
  readonly name: string;
  readonly id: string;
  readonly signingKey: string;
}

const listText = (list: readonly string[]): string => (list.length === 0 ? 'no target' : list.join(', '));

function stepText(step: Step): string {
  switch (step.action) {
    case 'add':
      return `target ${step.name}: ${step.input.type}, ${step.input.endpoint}`;
    case 'change': {
      const changes = step.changes.map(({ field, ...values }) =>
        'before' in values ? `${field} ${String(values.before)} -> ${String(values.after)}` : field,
      );
      return `target ${step.name}: ${changes.join(', ')}`;
    }
    case 'set': {
      const before = step.before === null ? '' : `${listText(step.before)} -> `;
      return `execution ${step.id}: ${before}${listText(step.after)}`;
    }
    case 'remove':
      return `${step.kind} ${step.name}`;
    case 'addKey': {
      const { expiresAt } = step.input;
      const until = expiresAt === undefined ? '' : `, until ${new Date(expiresAt).toISOString()}`;
      return `key ${step.id} of target ${step.target}${until}`;
    }
    case 'activateKey':
      return `key ${step.id} of target ${step.target}: active`;
    case 'deactivateKey':
      return `key ${step.id} of target ${step.target}: not active`;
    case 'removeKey':
      return `key ${step.id} of target ${step.target}`;
  }
}

function stepLine(step: Step, output: CommandOutput): string {
  const text = printable(stepText(step));
  if (step.action === 'remove' || step.action === 'removeKey') return output.style('red', `- ${text}`);
  const isNew =
    step.action === 'add' || step.action === 'addKey' || (step.action === 'set' && step.before === null);
  return isNew ? output.style('green', `+ ${text}`) : output.style('yellow', `~ ${text}`);
}

/** A step in the JSON output, without the values of headers. */
function stepDocument(step: Step): object {
  if (step.action === 'add') {
    const { headers, ...settings } = step.input;
    return { ...step, input: { ...settings, headers: Object.keys(headers ?? {}) } };
  }
  if (step.action === 'change') {
    const { input: _input, ...rest } = step;
    return rest;
  }
  return step;
}

/** Whether the keyring seals secrets. */
const isSealing = (step: Step): boolean =>
  step.action === 'add' ||
  (step.action === 'change' && step.changes.some(({ field }) => field.startsWith('headers.')));

/** Asks for confirmation. The end of the input means no. */
async function isWanted({ terminal, signal }: Session, count: number): Promise<boolean> {
  // Turn off readline's terminal mode, which would swallow Ctrl-C.
  const lines = createInterface({ input: terminal.stdin, terminal: false });
  try {
    terminal.stderr.write(`Write ${count === 1 ? 'this change' : `these ${count} changes`}? [y/N] `);
    const answered = once(lines, 'line', { signal }) as Promise<[string]>;
    const [answer = ''] = await Promise.race([answered, once(lines, 'close', { signal }).then(() => [''])]);
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

export function addApply(program: Command, session: Session): void {
  program
    .command('apply')
    .description('change targets and executions to match a file; shows the difference first')
    .argument('<file>', 'YAML or JSON; - is stdin')
    .option('--yes', 'write without asking, for scripts')
    .option('--prune', 'remove targets and executions that are not declared')
    .option('--dry-run', 'show the difference, and write nothing; exit code 3 where there is one')
    .addHelpText(
      'after',
      `
Names identify targets. Each target and each execution is written as a whole. After a failure, apply again: the next run
makes the remaining changes. The signing keys of added targets are shown only this once. Public keys stay as they are where
a target declares none; paths of key files are relative to the folder of the file.

Stored header values are encrypted: without --keyring, --dry-run names the values that it cannot compare.

Example of a file (its schema is docs/reference/apply.schema.json of this package):
  targets:
    order policy:
      type: requestResponse
      endpoint: https://policy.example/orders
      timeout: 2s
      interruptOnError: true
      headers:
        authorization: { env: POLICY_TOKEN }
    crm:
      type: async
      endpoint: https://crm.example/hook
      payloadType: jwe
      keys:
        "2030": { file: crm-2030.pem, expires: 2031-01-31, active: true }
  executions:
    event/order.*: [order policy, crm]
    event/order.placed: [{ include: event/order.* }]

Examples:
  $ eventstore-actions apply actions.yaml
  $ eventstore-actions apply actions.yaml --dry-run
  $ eventstore-actions apply actions.yaml --prune --yes
`,
    )
    .action(async (file: string, flags: Flags, command: Command) => {
      const { terminal, signal } = session;
      const [{ parseDeclaration }, { planOf }, { judgeTargetIn }, { carryOut }, { readDesiredKeys }] =
        await Promise.all([
          import('../../declaration/declaration.js'),
          import('../../declaration/plan.js'),
          import('../../declaration/judgeTarget.js'),
          import('../../declaration/carryOut.js'),
          import('../../declaration/desiredKeys.js'),
        ]);
      const name = file === '-' ? 'stdin' : file;
      const declaration = parseDeclaration(await readInput(terminal, file), file);
      // A file that is empty by mistake would remove everything.
      if (flags.prune === true && declaration.targets === undefined && declaration.executions === undefined)
        throw new UsageError(
          `${name} declares nothing, and --prune would remove everything; to do so, write targets: {} and executions: {}; nothing was written`,
        );
      await session.withActions(
        command,
        async ({ actions, output, inMemory }) => {
          const hasKeyring = session.options(command).keyring !== undefined;
          const keys = await readDesiredKeys(declaration, file, actions.targets.keys);
          const { steps, notCompared } = await inMemory((memory) =>
            planOf(actions, declaration, {
              prune: flags.prune === true,
              env: terminal.env,
              keys,
              judge: judgeTargetIn(memory, name),
              hasKeyring,
              now: Date.now(),
            }),
          );
          const isDry = flags.dryRun === true;
          if (!isDry && !hasKeyring && (notCompared.length > 0 || steps.some(isSealing)))
            throw new UsageError(keyringMissing);
          for (const what of notCompared) output.note(`not compared, for want of a keyring: ${what}`);
          const changes = steps.map(stepDocument);
          const done = (applied: number, created: readonly Created[]) =>
            output.isJSON && output.result({ changes, applied, created, notCompared }, () => '');
          if (!output.isJSON)
            terminal.stdout.write(
              steps.length === 0
                ? 'nothing to change\n'
                : steps.map((step) => `${stepLine(step, output)}\n`).join(''),
            );
          if (isDry && steps.length > 0) session.exitCode = exitCodes.drift;
          if (steps.length === 0 || isDry) return void done(0, []);
          if (flags.yes !== true) {
            if (file === '-' || terminal.stdin.isTTY !== true || output.isJSON)
              throw new UsageError(
                'there is no terminal to confirm on; write with --yes, or look with --dry-run; nothing was written',
              );
            if (!(await isWanted(session, steps.length))) {
              output.note('nothing was written');
              session.exitCode = 1;
              return;
            }
          }
          const created: Created[] = [];
          let applied = 0;
          try {
            await carryOut(actions, steps, {
              signal,
              onDone(step, added) {
                applied += 1;
                if (!added || step.action !== 'add') return;
                const { id, signingKey } = added;
                created.push({ name: step.name, id, signingKey });
                if (!output.isJSON)
                  terminal.stdout.write(`signing key of ${printable(step.name)} (${id}): ${signingKey}\n`);
              },
            });
          } finally {
            // Print a new key even where a later step fails: it is shown only once.
            done(applied, created);
            output.note(`wrote ${applied} of ${steps.length} changes`);
          }
        },
        { mayCreate: true },
      );
    });
}
