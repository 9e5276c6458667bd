import type { Command } from 'commander';
import type { Session } from '../../session/commandSession.js';

export function addExport(program: Command, session: Session): void {
  program
    .command('export')
    .description('print all targets and executions as a file for apply')
    .addHelpText(
      'after',
      `
The file has no header values and signing keys: a header without a value keeps its stored value.

Example:
  $ eventstore-actions export > actions.yaml
`,
    )
    .action(async (_flags: unknown, command: Command) => {
      await session.withActions(command, async ({ actions, output }) => {
        const { readCurrent } = await import('../../declaration/current.js');
        const { asYAML, exportDeclaration } = await import('../../declaration/exportDeclaration.js');
        const declaration = exportDeclaration(await readCurrent(actions));
        output.result(declaration, () => asYAML(declaration));
      });
    });
}
