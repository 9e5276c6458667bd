import { InvalidArgumentError as InvalidOptionError, Option, type Command } from 'commander';
import { InvalidArgumentError, isActionsError } from '../../errors.js';
import type { KeptCall, MissedCalls } from '../../index.js';
import { UsageError } from '../shell/failure.js';
import { shownValue } from '../../lib/reading/shownValue.js';
import { printableLines } from '../../lib/shown/printable.js';
import type { CommandOutput } from '../shell/commandOutput.js';
import { addressWithoutSecrets } from '../session/withoutSecrets.js';
import type { Session } from '../session/commandSession.js';
import { parseCount, parseText } from '../shell/flags.js';
import { isLoopback } from '../shell/listening.js';
import { occurrenceOf } from '../shell/references.js';
import type { Terminal } from '../shell/terminal.js';
import { writtenTime } from '../shell/writtenTime.js';
import { longestName, longestTargetID } from '../../target/settings.js';

interface Flags {
  readonly url: string;
  readonly follow?: boolean;
  readonly target?: string;
  readonly condition?: string;
  readonly verdict?: (typeof verdicts)[number];
  readonly since?: Date;
  readonly limit?: number;
}

const tokenVariable = 'EVENTSTORE_ACTIONS_TOKEN';
const callsPath = '/actions/calls';
const verdicts = ['passed', 'amended', 'refused', 'failed'] as const satisfies readonly KeptCall['verdict'][];

function addressOf(flags: Flags): URL {
  const { url: given, follow, target: targetID, condition, verdict, since, limit } = flags;
  if (!/^https?:/i.test(given) || !URL.canParse(given))
    throw new UsageError(
      `--url is the address of a served process, such as https://host:8443, not ${shownValue(addressWithoutSecrets(given))}`,
    );
  const { username, password, pathname, search, hash } = new URL(given);
  if (`${username}${password}${search}${hash}` !== '' || pathname !== '/')
    throw new UsageError(
      `--url is an address without a user, a path and a query, such as https://host:8443, not ${shownValue(addressWithoutSecrets(given))}; the token is read from ${tokenVariable}`,
    );
  const url = new URL(callsPath, given);
  const host = url.hostname.replaceAll(/[[\]]/g, '');
  if (url.protocol !== 'https:' && !isLoopback(host) && host !== 'localhost')
    throw new UsageError(
      `the token would cross the network in the clear to ${url.origin}: give an address that begins with https://`,
    );
  const parameters = { targetID, condition, verdict, since: since?.toISOString(), limit };
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, String(value));
  if (follow === true) url.searchParams.set('follow', 'true');
  return url;
}

/** The token, which a header can carry: the error does not show it. */
function tokenOf({ env }: Terminal): string {
  const token = env[tokenVariable] ?? '';
  if (token === '') throw new UsageError(`give the token in ${tokenVariable}`);
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError(
      `the token in ${tokenVariable} has a blank, a line end or a letter outside ASCII, which no header carries; the error does not show it`,
    );
  return token;
}

function parseSince(text: string): Date {
  const time = writtenTime(text);
  if (!time) throw new InvalidOptionError('Write a time as 2030-01-31 or 2030-01-31T08:00:00Z.');
  return time;
}

const longestLine = 1_048_576;

/** Yields the lines of a body as they arrive. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine)
      throw new InvalidArgumentError(
        'the server sent a line that is too long for a call: check that --url names a process that "serve" started',
      );
    yield* lines.filter((line) => line !== '');
  }
}

function line(call: KeptCall | MissedCalls, output: CommandOutput): string {
  if ('missed' in call) return output.style('dim', `${call.missed} calls were missed\n`);
  const { at, verdict, condition, name, durationMs, status, reason, enforced } = call;
  const end = [status, reason, enforced ? undefined : 'observed'].filter((each) => each !== undefined);
  return `${printableLines([at, verdict.padEnd(7), condition, name, `${Math.round(durationMs)} ms`, ...end].join('  '))}\n`;
}

async function open(url: URL, token: string, signal: AbortSignal): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` };
  try {
    return await fetch(url, { headers, signal, redirect: 'error' });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new InvalidArgumentError(
      `${url.origin} cannot be reached: check --url, and that the served process runs`,
      { cause },
    );
  }
}

const endedBy = (url: URL): string =>
  `${url.origin} ended the calls: it was closed, or the token no longer has the permission; follow them again`;

export function addCalls(program: Command, session: Session): void {
  program
    .command('calls')
    .description('show the latest calls of a process that serves the ActionService')
    .option('--url <url>', 'address of the process', 'http://127.0.0.1:8443')
    .option('--follow', 'then show every call as it happens, until interrupted')
    .option('--target <id>', 'only calls of this target', parseText(longestTargetID))
    .option(
      '--condition <condition>',
      'only calls of this occurrence, such as event/order.placed',
      (text) => {
        occurrenceOf(parseText(longestName)(text));
        return text;
      },
    )
    .addOption(new Option('--verdict <verdict>', 'only calls with this verdict').choices(verdicts))
    .option('--since <time>', 'only calls since this time, as RFC 3339', parseSince)
    .option('--limit <count>', 'the most past calls to show, up to 10000', parseCount(1, 10_000))
    .addHelpText(
      'after',
      `
Reads the calls from the address, not from the store: give the token in ${tokenVariable}. It needs the permission
action.execution.read. Without TLS only a loopback address is allowed. A process keeps its own calls, in memory.

Examples:
  $ export ${tokenVariable}=...
  $ eventstore-actions calls --url https://orders.example:8443 --follow --verdict failed
`,
    )
    .action(async (flags: Flags, command: Command) => {
      const url = addressOf(flags);
      const token = tokenOf(session.terminal);
      const { signal } = session;
      const output = session.output(command, true);
      try {
        const answer = await open(url, token, signal);
        if (!answer.ok || !answer.body) {
          await answer.body?.cancel();
          throw new InvalidArgumentError(
            `${url.origin} answered with status ${answer.status}: check --url, and the token in ${tokenVariable}`,
          );
        }
        for await (const text of linesOf(answer.body)) {
          const call = JSON.parse(text) as KeptCall | MissedCalls;
          output.result(call, () => line(call, output));
        }
        if (flags.follow === true && !signal.aborted) throw new InvalidArgumentError(endedBy(url));
      } catch (error) {
        if (signal.aborted) return;
        throw isActionsError(error) ? error : new InvalidArgumentError(endedBy(url), { cause: error });
      }
    });
}
