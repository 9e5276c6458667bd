import { InvalidArgumentError, type Command } from 'commander';
import { MissingDependencyError } from '../../errors.js';
import { errorCodeOf } from '../../lib/errorCode.js';
import { readTextFile } from '../shell/inputFile.js';
import { UsageError } from '../shell/failure.js';
import { collected, parsePath } from '../shell/flags.js';
import { isLoopback, listening, parseHost, parsePort, urlOf } from '../shell/listening.js';
import { whenAborted } from '../shell/whenAborted.js';
import type { Opened, Session } from '../session/commandSession.js';
import type { ActionService, Authenticate } from '../../zitadel/index.js';
import { addGroup, consoleDeliveries } from './deliveries/openDeliveries.js';

interface Flags {
  readonly port: number;
  readonly host: string;
  readonly tokenFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly corsOrigin?: readonly string[];
  readonly console?: boolean;
}

/** Parses an origin as browsers send it, in lower case and without a path; `*` stands for all. */
function parseOrigin(text: string): string {
  if (!/^(?:\*|[a-z][a-z0-9+.-]*:\/\/[^A-Z/?#@\s]+)$/.test(text))
    throw new InvalidArgumentError('Write an origin as https://console.example.');
  return text;
}

async function tlsOf({ tlsCert, tlsKey, host }: Flags) {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new UsageError('--tls-cert and --tls-key go together');
  if (tlsCert !== undefined && tlsKey !== undefined)
    return { cert: await readTextFile(tlsCert), key: await readTextFile(tlsKey) };
  if (isLoopback(host)) return undefined;
  throw new UsageError(
    `${host} is reached from other machines: tokens would cross the network in the clear; give --tls-cert and --tls-key`,
  );
}

/** @throws {@link MissingDependencyError} where a package of the service is not installed */
async function loadService() {
  try {
    return await import('../../zitadel/index.js');
  } catch (cause) {
    if (errorCodeOf(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new MissingDependencyError(
      'the ActionService needs its packages: npm install @connectrpc/connect @connectrpc/connect-node',
      { cause },
    );
  }
}

/** Serves the console in front of the ActionService. */
async function openConsole(
  session: Session,
  command: Command,
  { opened, authenticate }: { readonly opened: Opened; readonly authenticate: Authenticate },
) {
  const { createConsole } = await import('../../console/index.js');
  const delivering = await consoleDeliveries(session, command, opened);
  const page = createConsole(opened.actions, {
    authenticate,
    basePath: '/console',
    ...(delivering && { deliveries: delivering.deliveries }),
  });
  return {
    before:
      ({ handler }: Pick<ActionService, 'handler'>): ActionService['handler'] =>
      (request, response) => {
        page(request, response, () => {
          handler(request, response);
        });
      },
    async close() {
      await page.close();
      await delivering?.close();
    },
  };
}

export function addServe(program: Command, session: Session): void {
  addGroup(program.command('serve'))
    .description("serve ZITADEL's ActionService over the store, for its Terraform provider, SDKs and curl")
    .option('--port <port>', '0 for any free port', parsePort, 8_443)
    .option('--host <address>', 'address to listen on', parseHost, '127.0.0.1')
    .option(
      '--token-file <path>',
      'bearer tokens and their permissions; read again when it changes',
      parsePath,
    )
    .option('--tls-cert <path>', 'certificate, as PEM', parsePath)
    .option('--tls-key <path>', 'private key of the certificate, as PEM', parsePath)
    .option(
      '--cors-origin <origin>',
      'origin of a web page that may call the service; repeatable',
      collected(parseOrigin),
    )
    .option('--console', "also serve the operators' console, a web page, at /console/")
    .addHelpText(
      'after',
      `
Serves gRPC, gRPC-web, Connect and REST (/v2/actions/..., /v2beta/actions/...) on one port until it is interrupted. On other
addresses than loopback it needs TLS. Several processes may serve one store. New targets have ids of 18 digits.

The token file, readable by its owner alone:
  { "tokens": [{ "sha256": "<hex>", "permissions": ["action.target.read"], "instanceID": "...", "userID": "..." }] }

Permissions: action.target.read, action.target.write, action.target.delete, action.execution.read, action.execution.write

With --console a page at /console/ shows the calls of this process and their reasons, and durable deliveries where
--deliveries or the store has their progress. The page makes the changes that the token allows: sign in with a token of the
file.

Examples:
  $ printf %s "$TOKEN" | sha256sum
  $ eventstore-actions serve --token-file tokens.json --console
  $ eventstore-actions serve --host 0.0.0.0 --token-file tokens.json --tls-cert cert.pem --tls-key key.pem
`,
    )
    .action(async (flags: Flags, command: Command) => {
      const { terminal, signal } = session;
      if (flags.tokenFile === undefined)
        throw new UsageError('who may call? name the file of tokens with --token-file <path>');
      const tls = await tlsOf(flags);
      const { authenticateByTokenFile } = await import('../serve/tokenFile.js');
      const authenticate = await authenticateByTokenFile(flags.tokenFile, (message) => {
        terminal.stderr.write(`${message}; every call is refused until the file is correct\n`);
      });
      const { createActionServer, createActionService } = await loadService();
      const { eighteenDigitIDs } = await import('../../index.js');
      await session.withActions(
        command,
        async (opened) => {
          const { actions, created, output } = opened;
          // A mistyped path would serve an empty store in silence.
          if (created !== undefined) output.note(`created the new store ${JSON.stringify(created)}`);
          const corsOrigins = flags.corsOrigin ?? [];
          const service = createActionService(actions, { authenticate, corsOrigins });
          const page =
            flags.console === true
              ? await openConsole(session, command, { opened, authenticate })
              : undefined;
          const { server, close } = createActionServer(
            page ? { handler: page.before(service) } : service,
            tls && { tls },
          );
          try {
            const port = await listening(server, flags, signal);
            const { host } = flags;
            terminal.stderr.write(
              output.isJSON
                ? `${JSON.stringify({ listening: { host, port, tls: tls !== undefined } })}\n`
                : `serving on ${urlOf(tls ? 'https' : 'http', host, port)}${page ? ', the console at /console/' : ''}, end with Ctrl-C\n`,
            );
            await whenAborted(signal);
          } finally {
            await page?.close();
            await close();
          }
        },
        { mayCreate: true, needsKeyring: true, generateTargetID: eighteenDigitIDs() },
      );
    });
}
