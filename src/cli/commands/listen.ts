import { once } from 'node:events';
import { createServer } from 'node:http';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { isActionsError } from '../../errors.js';
import type { JSONValue } from '../../index.js';
import type { Reply } from '../../receiver/index.js';
import { readJSON } from '../shell/inputFile.js';
import {
  openReceiver,
  parsePrivateKey,
  signingKeyVariable,
  type ReceiverFlags,
} from '../listen/openReceiver.js';
import type { CommandOutput } from '../shell/commandOutput.js';
import type { Session } from '../session/commandSession.js';
import { printable } from '../../lib/shown/printable.js';
import { collected, parseCount, parseJSONPath, parsePath } from '../shell/flags.js';
import { listening, parseHost, parsePort, urlOf } from '../shell/listening.js';
import { whenAborted } from '../shell/whenAborted.js';

interface Refusal {
  readonly status: number;
  readonly message?: string | undefined;
}

interface Flags extends ReceiverFlags {
  readonly port: number;
  readonly host: string;
  readonly amend?: string;
  readonly refuse?: Refusal;
  readonly count?: number;
}

function parseRefusal(text: string): Refusal {
  const { status, message } = /^(?<status>4\d\d)(?::(?<message>.+))?$/s.exec(text)?.groups ?? {};
  if (status === undefined)
    throw new InvalidArgumentError('Write a status from 400 to 499, or "403:ask a manager".');
  return { status: Number(status), message };
}

/** Parses a path, or the address of a key set. */
function parseJwks(text: string): string {
  if (/^https?:/i.test(text) && !URL.canParse(text))
    throw new InvalidArgumentError('Write the path of a file, or a URL as https://orders.example/jwks.json.');
  return parsePath(text);
}

type Document = Readonly<Record<string, unknown>>;

async function replyOf({ terminal }: Session, flags: Flags): Promise<Reply> {
  const { allow, amend, refuse } = await import('../../receiver/index.js');
  if (flags.amend !== undefined) return amend(await readJSON(terminal, flags.amend));
  if (flags.refuse === undefined) return allow();
  return refuse(flags.refuse.status, flags.refuse.message);
}

/** The answer to a call that cannot be read, and its text on the terminal. */
function refused(error: unknown): readonly [document: Document, reply: Reply] {
  const { code, message, status } = isActionsError(error)
    ? error
    : { code: 'FAILED', message: 'the call could not be read', status: 500 };
  return [{ error: { code, message } }, { status, headers: {}, body: '' }];
}

function shown(
  { error, kind, id, payload, payloadType, rehearsal }: Document,
  output: CommandOutput,
): string {
  if (error !== undefined) {
    const { code, message } = error as { readonly code: string; readonly message: string };
    return `${output.style('red', 'refused')} ${code}: ${printable(message)}\n`;
  }
  const notes = [
    ...(payloadType === 'json' ? [] : [payloadType]),
    ...(rehearsal === true ? ['rehearsal'] : []),
  ];
  const note = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  return `${output.style('green', String(kind))} ${printable(String(id))}${note}\n${printable(JSON.stringify(payload))}\n`;
}

export function addListen(program: Command, session: Session): void {
  program
    .command('listen')
    .description('run an endpoint on this machine that verifies and prints the calls it receives')
    .option('--port <port>', '0 for any free port', parsePort, 8_080)
    .option('--host <address>', 'address to listen on', parseHost, '127.0.0.1')
    .option(
      '--signing-key <key>',
      `signing key of the target; repeatable; better in ${signingKeyVariable}`,
      collected(String),
    )
    .option(
      '--jwks <file or url>',
      'public keys of the sender, for jwt and jwe payloads (default: those of --jwt-keys)',
      parseJwks,
    )
    .option(
      '--private-key <id=file>',
      'decrypts jwe payloads: the id of the public key, and the private key as PEM or JWK; repeatable',
      collected(parsePrivateKey),
    )
    .addOption(
      new Option('--amend <file>', 'answer with this JSON').argParser(parseJSONPath).conflicts('refuse'),
    )
    .option('--refuse <status:message>', 'answer with a refusal, 400 to 499', parseRefusal)
    .option('--count <calls>', 'end after this many calls', parseCount(1, Number.MAX_SAFE_INTEGER))
    .addHelpText(
      'after',
      `
A call that does not verify is answered 401 and shown as refused. With --json each call is one line.

Examples:
  $ ${signingKeyVariable}=whsec_... eventstore-actions listen --port 4000
  $ ${signingKeyVariable}=whsec_... eventstore-actions listen --refuse "403:ask a manager"
  $ ${signingKeyVariable}=whsec_... eventstore-actions listen \\
      --jwks https://orders.example/jwks.json --private-key 2030=crm-private.pem
`,
    )
    .action(async (flags: Flags, command: Command) => {
      const { terminal, signal } = session;
      const { jwtKeys } = session.options(command);
      const receiver = await openReceiver({ ...flags, ...(jwtKeys !== undefined && { jwtKeys }) }, terminal);
      const reply = await replyOf(session, flags);
      const output = session.output(command, true);
      const ended = new AbortController();
      let calls = 0;

      const server = createServer((request, response) => {
        receiver
          .read<JSONValue>({ headers: request.headers, body: request })
          .then((call): readonly [Document, Reply] => [{ ...call }, reply], refused)
          .then(([document, { status, headers, body }]) => {
            response.writeHead(status, { ...headers, connection: 'close' }).end(body);
            output.result(document, () => shown(document, output));
            calls += 1;
            if (calls === flags.count) ended.abort();
          })
          .catch(() => response.destroy());
      });
      const port = await listening(server, flags, signal);
      terminal.stderr.write(
        output.isJSON
          ? `${JSON.stringify({ listening: { host: flags.host, port } })}\n`
          : `listening on ${urlOf('http', flags.host, port)}, end with Ctrl-C\n`,
      );
      await whenAborted(AbortSignal.any([signal, ended.signal]));
      server.close();
      await once(server, 'close');
    });
}
