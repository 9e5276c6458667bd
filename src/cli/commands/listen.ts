import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Command } from 'commander';
import { isActionsError } from '../../errors.js';
import type { JSONValue } from '../../index.js';
import { allow, amend, createReceiver, refuse, type JwksSource, type Reply } from '../../receiver/index.js';
import { UsageError } from '../failure.js';
import { readJSON } from '../input.js';
import type { Report } from '../report.js';
import type { Session } from '../session.js';
import { printable } from '../table.js';
import { parseNumber } from './targetOptions.js';

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly signingKey?: readonly string[];
  readonly jwks?: string;
  readonly amend?: string;
  readonly refuse?: string;
  readonly count?: number;
}

const variable = 'EVENTSTORE_ACTIONS_SIGNING_KEY';
const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function refusalOf(text: string): Reply {
  const { status, message } = /^(?<status>\d{3})(?::(?<message>.*))?$/s.exec(text)?.groups ?? {};
  if (status === undefined)
    throw new UsageError('write a refusal as --refuse 403 or --refuse "403:ask a manager"');
  return refuse(Number(status), message);
}

async function replyOf({ terminal }: Session, flags: Flags): Promise<Reply> {
  if (flags.refuse !== undefined) return refusalOf(flags.refuse);
  return flags.amend === undefined ? allow() : amend(await readJSON(terminal, flags.amend));
}

function shown(document: Readonly<Record<string, unknown>>, report: Report): string {
  const { error, kind, id, payload } = document;
  if (error !== undefined) return `${report.style('red', 'refused')} ${printable(JSON.stringify(error))}\n`;
  return `${report.style('green', String(kind))} ${printable(String(id))}\n${printable(JSON.stringify(payload))}\n`;
}

export function addListen(program: Command, session: Session): void {
  program
    .command('listen')
    .description('an endpoint on this machine that verifies and prints what it is sent')
    .option('--port <port>', '0 draws one', parseNumber, 8_080)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--signing-key <key>', `of the target; repeatable; better in ${variable}`, collect)
    .option('--jwks <file>', 'public keys of the sender, for jwt payloads')
    .option('--amend <file>', 'answer with this JSON')
    .option('--refuse <status:message>', 'answer with a refusal, 400 to 499')
    .option('--count <calls>', 'end after this many calls', parseNumber)
    .addHelpText(
      'after',
      `
A call that does not verify is answered 401 and shown as refused. With --json each call is one line.

Example:
  $ ${variable}=whsec_... eventstore-actions listen --port 4000
`,
    )
    .action(async (flags: Flags, command: Command) => {
      const { terminal, signal } = session;
      const fromEnvironment = terminal.env[variable]?.split(/[\s,]+/).filter((key) => key !== '');
      const signingKeys = flags.signingKey ?? fromEnvironment ?? [];
      if (signingKeys.length === 0) throw new UsageError(`which signing key? put it in ${variable}`);
      const report = session.report(command, true);
      const jwks =
        flags.jwks === undefined
          ? undefined
          : ((await readJSON(terminal, flags.jwks)) as unknown as JwksSource);
      const receiver = createReceiver({ signingKeys, ...(jwks && { jwks }) });
      const reply = await replyOf(session, flags);
      const ended = new AbortController();
      let calls = 0;

      const server = createServer((request, response) => {
        receiver
          .read<JSONValue>({ headers: request.headers, body: request })
          .then(
            (call): [Record<string, unknown>, Reply] => [{ ...call }, reply],
            (error: unknown): [Record<string, unknown>, Reply] => {
              const { code, message, status } = isActionsError(error)
                ? error
                : { code: 'FAILED', message: 'the call could not be read', status: 500 };
              return [{ error: { code, message } }, { status, headers: {}, body: '' }];
            },
          )
          .then(([document, { status, headers, body }]) => {
            response.writeHead(status, { ...headers, connection: 'close' }).end(body);
            report.result(document, () => shown(document, report));
            calls += 1;
            if (calls === flags.count) ended.abort();
          })
          .catch(() => response.destroy());
      });
      server.listen(flags.port, flags.host);
      await once(server, 'listening', { signal });
      const { port } = server.address() as AddressInfo;
      terminal.stderr.write(
        report.isJSON
          ? `${JSON.stringify({ listening: { host: flags.host, port } })}\n`
          : `listening on http://${flags.host}:${port}, end with Ctrl-C\n`,
      );
      const stopping = AbortSignal.any([signal, ended.signal]);
      if (!stopping.aborted)
        await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true }));
      server.close();
      await once(server, 'close');
    });
}
