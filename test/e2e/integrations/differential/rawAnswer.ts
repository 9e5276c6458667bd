import { connect } from 'node:net';

interface RawRequest {
  readonly port: number;
  readonly path: string;
  /** @defaultValue `POST` */
  readonly verb?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** @defaultValue `{"quantity":1}` */
  readonly body?: string | undefined;
  /** Leaves after this many bytes of the answer, or as soon as a promise resolves. */
  readonly leave?: { readonly afterBytes: number } | { readonly when: Promise<unknown> } | undefined;
}

/** Every byte of a server's answer, except the date; the connection ends with the answer. */
export function rawAnswer({
  port,
  path,
  verb = 'POST',
  headers = {},
  body = '{"quantity":1}',
  leave,
}: RawRequest): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    const received: Buffer[] = [];
    let bytes = 0;
    const lines = [
      `${verb} ${path} HTTP/1.1`,
      'host: localhost',
      'connection: close',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ];
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    if (leave && 'when' in leave)
      leave.when.then(
        () => socket.destroy(),
        (error: unknown) => {
          socket.destroy();
          reject(error);
        },
      );
    socket.on('data', (chunk) => {
      received.push(chunk);
      bytes += chunk.byteLength;
      if (leave && 'afterBytes' in leave && bytes >= leave.afterBytes) socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') resolve(`${Buffer.concat(received).toString('latin1')}<reset>`);
      else reject(error);
    });
    socket.on('close', () => {
      const text = Buffer.concat(received).toString('latin1');
      resolve(leave ? '<left>' : text.replace(/\r\ndate: [^\r]*/i, ''));
    });
  });
}
