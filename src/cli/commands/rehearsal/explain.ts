import type { Command } from 'commander';
import { occurrenceOf } from '../../shell/references.js';
import type { Session } from '../../session/commandSession.js';

export function addExplain(program: Command, session: Session): void {
  program
    .command('explain')
    .description('show which targets would be called, and why; calls none')
    .argument('<occurrence>', 'event/order.placed, request/pkg.Service/Method, response/..., function/name')
    .addHelpText('after', '\nExample:\n  $ eventstore-actions explain event/order.placed\n')
    .action(async (text: string, _flags: unknown, command: Command) => {
      const occurrence = occurrenceOf(text);
      await session.withActions(
        command,
        async ({ actions, output }) => {
          const explanation = actions.explain(occurrence);
          const { candidates, winner, targets, skipped } = explanation;
          const resultOf = (id: string): string => {
            const reasons = skipped
              .filter(({ executionID }) => executionID === id)
              .map(({ reason }) => reason);
            return (id === winner ? ['wins', ...reasons] : reasons).join('; ');
          };
          const below = skipped.filter(({ executionID }) => !candidates.includes(executionID));
          output.result(explanation, () =>
            [
              output.table(
                ['CANDIDATE', 'RESULT'],
                [
                  ...candidates.map((id) => [id, resultOf(id)]),
                  ...below.map(({ executionID, reason }) => [`  included ${executionID}`, reason]),
                ],
              ),
              winner === null
                ? 'no target is called\n'
                : output.table(
                    ['CALLED', 'ID', 'NAMED BY'],
                    targets.map(({ id, name, executionID }, place) => [
                      `${place + 1}. ${name}`,
                      id,
                      executionID,
                    ]),
                  ),
            ].join('\n'),
          );
        },
        { check: (actions) => actions.explain(occurrence) },
      );
    });
}
