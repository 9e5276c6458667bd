import { createServer, request as startRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

interface ProxyServer {
  readonly url: string;
  readonly port: number;
  /** Method, target and credentials of each request. */
  readonly asked: readonly string[];
  openConnections(): number;
  close(): Promise<void>;
}

/** A real HTTP proxy on loopback: every request reaches the server on `port`. */
export async function proxyServer(port: number, status = 200): Promise<ProxyServer> {
  const asked: string[] = [];
  const open = new Set<Socket>();
  const keep = (request: IncomingMessage) => {
    asked.push(
      [request.method, request.url, request.headers['proxy-authorization']]
        .filter((part) => part !== undefined)
        .join(' '),
    );
  };
  const server = createServer((request, response) => {
    keep(request);
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const onward = startRequest(
      {
        host: '127.0.0.1',
        port,
        method: request.method,
        path: new URL(request.url ?? '').pathname,
        headers,
        agent: false,
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    keep(request);
    socket.on('error', () => undefined);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const onward = connect({ host: '127.0.0.1', port }, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    onward.on('close', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${own}`,
    port: own,
    asked,
    openConnections: () => open.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of open) socket.destroy();
      }),
  };
}
