import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';

interface Answer {
  readonly status: number;
  readonly grpcStatus: string | undefined;
  readonly text: string;
}

/** One POST over HTTP/2, as operator. Rejects where nothing comes for 20 s. */
export function post(
  session: ClientHttp2Session,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      authorization: 'Bearer all',
      ...headers,
    });
    let [status, text] = [0, ''];
    let grpcStatus: string | undefined;
    stream.on('response', (answer) => {
      status = answer[':status'] ?? 0;
      grpcStatus = answer['grpc-status'] as string | undefined;
    });
    stream.on(
      'trailers',
      (trailers: IncomingHttpHeaders) => (grpcStatus ??= trailers['grpc-status'] as string | undefined),
    );
    stream.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    stream.on('end', () => {
      resolve({ status, grpcStatus, text });
    });
    stream.on('error', reject);
    stream.setTimeout(20_000, () => {
      stream.destroy(new Error('it hangs'));
    });
    stream.end(Buffer.from(body));
  });
}
