import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { createConditions } from './conditions.js';

/** The behaviour of a connection after a whole request (`count` is 1 for the first on this connection). */
type RawScript = (socket: Socket, request: string, count: number) => void;

export interface RawServer {
  readonly port: number;
  readonly allow: string;
  readonly origin: string;
  /** The received whole requests. */
  readonly requests: readonly string[];
  connections(): number;
  openConnections(): number;
  whenRequests(count: number): Promise<void>;
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

/** A TCP server that answers requests as its script says, for answers that no HTTP server gives. */
export async function rawServer(
  script: RawScript,
  onConnection?: (socket: Socket) => void,
): Promise<RawServer> {
  const requests: string[] = [];
  const open = new Set<Socket>();
  let connections = 0;
  const { until, changed } = createConditions();

  const server = createServer((socket) => {
    connections += 1;
    open.add(socket);
    changed();
    let received = '';
    let count = 0;
    socket.setEncoding('latin1');
    socket.on('error', () => undefined);
    socket.on('close', () => {
      open.delete(socket);
      changed();
    });
    socket.on('data', (text: string) => {
      received += text;
      for (let length = requestLength(received); length > 0; length = requestLength(received)) {
        const request = received.slice(0, length);
        received = received.slice(length);
        requests.push(request);
        changed();
        script(socket, request, (count += 1));
      }
    });
    onConnection?.(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    allow: `127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    openConnections: () => open.size,
    whenRequests: (count) => until(() => requests.length >= count),
    whenIdle: () => until(() => open.size === 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Length of the first whole request in `text`; 0 while there is none. */
function requestLength(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const length = head + 4 + Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
  return text.length >= length ? length : 0;
}
