import type { Command } from 'commander';
import { occurrenceOf } from '../../shell/references.js';
import type { Session } from '../../session/commandSession.js';

/** The reasons of the library that are no words: why an entry of a list was skipped. */
const words: Readonly<Record<string, string>> = {
  'target-missing': 'it was removed',
  'execution-missing': 'it does not exist',
  circular: 'the includes form a circle',
  'too-deep': 'the includes are too deep',
  'too-many': 'the list is too long',
};

const inWords = ({ reason }: { readonly reason: string }): string =>
  reason
    .replace(/: ([a-z-]{1,40})$/, (whole, code: string) =>
      words[code] === undefined ? whole : `: ${words[code]}`,
    )
    .replace(/^it has no target$/, 'no target is left in its list');

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
            const reasons = skipped.filter(({ executionID }) => executionID === id).map(inWords);
            return (id === winner ? ['wins', ...reasons] : reasons).join('; ');
          };
          const below = skipped.filter(({ executionID }) => !candidates.includes(executionID));
          output.result(explanation, () =>
            [
              output.table(
                ['CANDIDATE', 'RESULT'],
                [
                  ...candidates.map((id) => [id, resultOf(id)]),
                  ...below.map((each) => [`  included ${each.executionID}`, inWords(each)]),
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
