import type { Server, Socket } from 'node:net';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { requireFunctions } from '../lib/reading/reading.js';
import type { ActionService } from './actionService.js';
import { plainServer, secureServer, serverTimes, type ServerTimes } from './serving/nodeServers.js';

/** The options of the server. */
export interface ActionServerOptions {
  /** Certificate and private key, as PEM. @defaultValue plain HTTP */
  readonly tls?: { readonly cert: string | Uint8Array; readonly key: string | Uint8Array };
}

const optionNames: OptionNames<ActionServerOptions> = { tls: true };
const tlsNames: OptionNames<NonNullable<ActionServerOptions['tls']>> = { cert: true, key: true };

/** A server that is not listening yet. */
export interface ActionServer {
  /** The underlying server of Node, for direct access to its sockets. */
  readonly server: Server;
  /** Stops listening, and ends every connection. It never rejects. */
  close(): Promise<void>;
}

/** Connections at once; further connections are closed immediately. */
const maxConnections = 1_024;

/**
 * One server for all clients of an ActionService: gRPC (HTTP/2, with TLS or in plaintext), gRPC-web, Connect and REST on one
 * port. Listen with `server.listen(port, host)`.
 */
export function createActionServer(
  service: Pick<ActionService, 'handler'>,
  options: ActionServerOptions = {},
): ActionServer {
  requireFunctions(service, ['handler'], 'the service is what createActionService made');
  const { tls } = readOptions(options, optionNames, 'createActionServer');
  return createTimedServer(
    service.handler,
    serverTimes,
    tls === undefined ? undefined : readOptions(tls, tlsNames, 'tls'),
  );
}

/** The same, with other time limits. */
export function createTimedServer(
  handler: ActionService['handler'],
  times: ServerTimes,
  tls?: ActionServerOptions['tls'],
): ActionServer {
  const serve = (...[request, response]: Parameters<ActionService['handler']>) => {
    handler(request, response);
  };
  const server = tls ? secureServer(serve, times, tls) : plainServer(serve, times);
  server.maxConnections = maxConnections;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
