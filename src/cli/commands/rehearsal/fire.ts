import type { Command } from 'commander';
import type { Rehearsal, RehearsedCall } from '../../../index.js';
import { exitCodes, UsageError } from '../../shell/failure.js';
import { parseJSONPath, parseText } from '../../shell/flags.js';
import { readJSON } from '../../shell/inputFile.js';
import { occurrenceOf } from '../../shell/references.js';
import { judgementMessage } from '../../shell/ownOptions.js';
import type { CommandOutput } from '../../shell/commandOutput.js';
import type { Session } from '../../session/commandSession.js';
import { shownValue } from '../../../lib/reading/shownValue.js';
import { printable } from '../../../lib/shown/printable.js';

/** No store takes a longer name of a stream. Characters. */
const longestStream = 65_536;

/** The occurrences that an option belongs to. */
const ownKind = { request: 'response', stream: 'event' } as const;

interface Flags {
  readonly data?: string;
  readonly request?: string;
  readonly stream?: string;
  readonly send?: boolean;
}

function callText(
  { name, targetID, type, enforced, request, answer, judgement }: RehearsedCall,
  output: CommandOutput,
) {
  const lines = [
    output.style('bold', `${printable(name)} (${targetID}), ${type}${enforced ? '' : ', observed'}`),
  ];
  if (request) {
    lines.push(`  POST ${printable(request.endpoint)}`);
    for (const [header, value] of Object.entries(request.headers))
      lines.push(`  ${header}: ${printable(value)}`);
    lines.push('', `  ${printable(request.body)}`);
  }
  if (answer) {
    const said = answer.body === '' ? 'nothing' : printable(answer.body);
    lines.push('', `  answered ${answer.status} in ${Math.round(answer.durationMs)} ms: ${said}`);
  }
  if (judgement) {
    const { verdict, reason, message, forwardedStatus } = judgement;
    const why = [forwardedStatus, reason, judgementMessage(reason, message)]
      .filter((part) => part !== undefined)
      .join(', ');
    const style = verdict === 'passed' || verdict === 'amended' ? 'green' : 'red';
    lines.push(`  ${output.style(style, verdict)}${why === '' ? '' : ` (${printable(why)})`}`);
  }
  return `${lines.join('\n')}\n`;
}

function outcomeText({ winner, condition, outcome, calls }: Rehearsal): string {
  if (winner === null) return `no target is called for ${printable(condition)}\n`;
  if (!outcome) return '';
  if (outcome.kind === 'interrupted') {
    const { code, status } = outcome.error;
    const message = judgementMessage(calls.at(-1)?.judgement?.reason, outcome.error.message) ?? '';
    return `the operation would fail with ${code} ${status}: ${printable(message)}\n`;
  }
  const content = outcome.kind === 'amended' ? ` with ${printable(JSON.stringify(outcome.content))}` : '';
  return `the operation would go on${outcome.kind === 'amended' ? ', amended' : ' unchanged'}${content}\n`;
}

export function addFire(program: Command, session: Session): void {
  program
    .command('fire')
    .description('show the calls that an occurrence would cause; with --send, make them as a rehearsal')
    .argument('<occurrence>', 'event/order.placed, request/pkg.Service/Method, response/..., function/name')
    .option(
      '--data <file>',
      'JSON of the event data, the body or the payload; - is stdin (default: {})',
      parseJSONPath,
    )
    .option('--request <file>', 'for a response: JSON of the request as it was processed', parseJSONPath)
    .option('--stream <name>', 'for an event: the stream that the calls name', parseText(longestStream))
    .option('--send', 'make the calls; each call says that it is a rehearsal')
    .addHelpText(
      'after',
      `
Never appends. Signatures are real; keys and header values are not shown. The exit code is 1 where a secret of a target
cannot be decrypted, and with --send where the operation would fail.

Examples:
  $ eventstore-actions fire event/order.placed --data order.json
  $ echo '{"total": 250}' | eventstore-actions fire event/order.placed --data - --stream order-1 --send
`,
    )
    .action(async (text: string, flags: Flags, command: Command) => {
      const occurrence = occurrenceOf(text);
      for (const option of ['request', 'stream'] as const)
        if (flags[option] !== undefined && !(ownKind[option] in occurrence))
          throw new UsageError(
            `--${option} belongs to ${ownKind[option] === 'event' ? 'an event' : 'a response'}, and not to ${shownValue(text)}`,
          );
      const { terminal, signal } = session;
      const content = flags.data === undefined ? {} : await readJSON(terminal, flags.data);
      const request = flags.request === undefined ? null : await readJSON(terminal, flags.request);
      await session.withActions(
        command,
        async ({ actions, output }) => {
          const rehearsal = await actions.rehearse(occurrence, {
            content,
            request,
            send: flags.send === true,
            signal,
            ...(flags.stream !== undefined && { stream: flags.stream }),
          });
          output.result(rehearsal, () =>
            [...rehearsal.calls.map((call) => callText(call, output)), outcomeText(rehearsal)]
              .filter((part) => part !== '')
              .join('\n'),
          );
          const isUnsigned = rehearsal.calls.some(
            ({ judgement }) => judgement?.reason === 'secret-unreadable',
          );
          if (rehearsal.outcome?.kind === 'interrupted' || isUnsigned) session.exitCode = exitCodes.failed;
          if (!rehearsal.sent && rehearsal.winner !== null)
            output.note('No target was called. Call with --send.');
        },
        { check: (actions) => actions.explain(occurrence) },
      );
    });
}
