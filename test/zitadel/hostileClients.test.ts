import { expect } from 'chai';
import { createServer as createHttpServer } from 'node:http';
import {
  connect as connectHttp2,
  createServer as createHttp2Server,
  type IncomingHttpHeaders,
} from 'node:http2';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { createTimedServer } from '../../src/zitadel/actionServer.js';
import { createActionService } from '../../src/zitadel/index.js';
import { createReadBody } from '../../src/zitadel/serving/readBody.js';
import { serverTimes } from '../../src/zitadel/serving/nodeServers.js';
import { serverCertificate } from '../support/certificates.js';
import { closeAfterTest } from '../support/closings.js';
import { withDeadline } from '../support/deadlines.js';
import { openActions } from '../support/openActions.js';
import { post } from './http2Post.js';
import { authenticate } from './openService.js';
import { listen } from '../support/listen.js';
import { until } from '../support/conditions.js';

const quick = { headMs: 200, requestMs: 600, idleMs: 300 };
const path = '/zitadel.action.v2.ActionService/ListTargets';

async function open(times = serverTimes, tls?: typeof serverCertificate) {
  const { actions } = await openActions();
  const { handler } = createActionService(actions, { authenticate });
  const { server, close } = createTimedServer(handler, times, tls);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(close);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    connections: () =>
      new Promise((resolve) => {
        server.getConnections((_error, count) => {
          resolve(count);
        });
      }),
  };
}

/** The bytes that a connection receives until the server ends it. */
function ended(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    socket
      .on('data', (chunk: Buffer) => (received += chunk.toString('latin1')))
      .on('error', () => undefined)
      .on('close', () => {
        resolve(received);
      });
  });
}

/** Writes a byte every few milliseconds while the connection is open. */
function drip(socket: Socket, head: string): void {
  socket.write(head);
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else socket.write('x');
  }, 20);
}

const head = (line: string) => `POST ${line} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer all\r\n`;

describe('a client that is slow on purpose', () => {
  const openings: Readonly<Record<string, (port: number) => Socket>> = {
    'without TLS': (port) => connect(port, '127.0.0.1'),
    'with TLS': (port) => connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }),
  };
  for (const [how, dial] of Object.entries(openings))
    describe(how, () => {
      const tls = how === 'with TLS' ? serverCertificate : undefined;

      it('loses its connection in the head of a request', async () => {
        const { port, connections } = await open(quick, tls);
        const socket = dial(port);
        drip(socket, `${head('/v2/actions/targets')}x-slow: `);
        expect(await ended(socket)).to.match(/^(HTTP\/1\.1 408 |$)/);
        expect(await connections()).to.equal(0);
      });

      it('loses its connection in the body of a request', async () => {
        const { port } = await open(quick, tls);
        const socket = dial(port);
        drip(socket, `${head('/v2/actions/targets')}content-length: 100000\r\n\r\n`);
        expect(await ended(socket)).to.match(/^(HTTP\/1\.1 408 |$)/);
      });

      it('loses a connection on which it sends nothing', async () => {
        const { port } = await open(quick, tls);
        expect(await ended(connect(port, '127.0.0.1'))).to.equal('');
      });

      it('loses its session of HTTP/2 without a request, though the client pings', async () => {
        await withDeadline(async (idleMs) => {
          const { port } = await open({ ...serverTimes, idleMs }, tls);
          const session = connectHttp2(`${tls ? 'https' : 'http'}://127.0.0.1:${port}`, {
            rejectUnauthorized: false,
          });
          const closed = new Promise<void>((resolve) => {
            session.on('error', () => undefined).on('close', resolve);
          });
          const headers = { 'content-type': 'application/grpc' };
          const status = await post(session, path, headers, Buffer.alloc(5)).then(
            ({ grpcStatus }) => grpcStatus,
            () => 'ended before the answer',
          );
          const timer = setInterval(() => {
            if (!session.destroyed) session.ping(() => undefined);
          }, 20);
          await closed;
          clearInterval(timer);
          return status === '0';
        });
      });
    });
});

describe('the body of a call', () => {
  it('is not waited for where the caller may not call', async () => {
    const { port } = await open();
    for (const [line, type] of [
      ['/v2/actions/targets', 'application/json'],
      ['/v2beta/actions/targets', 'application/json'],
      [path, 'application/json'],
      [path, 'application/proto'],
      [path, 'application/grpc-web+proto'],
      [path, 'application/grpc-web+json'],
    ] as const)
      for (const token of ['wrong', 'nothing']) {
        const socket = connect(port, '127.0.0.1');
        const headers = `host: a\r\ncontent-type: ${type}\r\nauthorization: Bearer ${token}\r\nconnection: close`;
        socket.write(`POST ${line} HTTP/1.1\r\n${headers}\r\ncontent-length: 1000000\r\n\r\n`);
        const answer = await ended(socket);
        const [code, status] = token === 'wrong' ? ['16', '401'] : ['7', '403'];
        expect(answer, `${line} ${type} ${token}`).to.match(
          type.includes('grpc')
            ? new RegExp(`grpc-status: ${code}`, 'i')
            : new RegExp(`^HTTP/1.1 ${status} `),
        );
      }
  });

  it('is not waited for over HTTP/2 either', async () => {
    const { port } = await open();
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    closeAfterTest(() => {
      session.destroy();
    });
    for (const [token, code] of [
      ['wrong', '16'],
      ['nothing', '7'],
    ]) {
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        authorization: `Bearer ${token}`,
      });
      // The stream stays open on this side.
      const status = await new Promise((resolve, reject) => {
        stream.on('error', reject).on('trailers', (trailers: IncomingHttpHeaders) => {
          resolve(trailers['grpc-status']);
        });
        stream.on('response', (headers) => {
          if (headers['grpc-status'] !== undefined) resolve(headers['grpc-status']);
        });
        stream.resume();
      });
      expect(status).to.equal(code);
    }
  });

  it('comes on at most 100 streams of one connection at once', async () => {
    const { port } = await open();
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    closeAfterTest(() => {
      session.destroy();
    });
    const settings = await new Promise<{ readonly maxConcurrentStreams?: number }>((resolve) => {
      session.on('remoteSettings', resolve);
    });
    expect(settings.maxConcurrentStreams).to.equal(100);
  });

  const limits = { bytes: 1_000, tenantBytes: 1_500 };

  /** A server that reads a body and answers with its length, or with the words of the error. */
  async function openReading() {
    const readBody = createReadBody({ ...limits, durationMs: 120_000 });
    let reading = 0;
    const port = await listen(
      createHttpServer((request, response) => {
        reading += 1;
        readBody(request, String(request.headers['x-tenant'])).then(
          ({ length }) => response.end(String(length)),
          (error: unknown) => response.end((error as Error).message),
        );
      }),
    );
    const send = (tenant: string, body: string) =>
      fetch(`http://127.0.0.1:${port}`, { method: 'POST', headers: { 'x-tenant': tenant }, body }).then(
        (answer) => answer.text(),
      );
    return { port, send, reading: () => reading };
  }

  it('counts against its tenant alone, until the body is read', async () => {
    const { port, send, reading } = await openReading();
    const slow = connect(port, '127.0.0.1');
    const slowEnd = ended(slow);
    slow.write(
      `POST / HTTP/1.1\r\nhost: a\r\nx-tenant: ann\r\ncontent-length: 900\r\n\r\n${'x'.repeat(899)}`,
    );
    await until(() => reading() !== 0);
    expect(await send('ann', 'x'.repeat(900))).to.include('[resource_exhausted]');
    expect(await send('bob', 'x'.repeat(900))).to.equal('900');
    slow.end('x');
    expect(await slowEnd).to.match(/900$/);
    expect(await send('ann', 'x'.repeat(900))).to.equal('900');
  });

  it('ends its request over HTTP/2 where the body takes too long', async () => {
    const readBody = createReadBody({ ...limits, durationMs: 500 });
    const outcomes: string[] = [];
    const server = createHttp2Server((request, response) => {
      readBody(request, '').then(
        () => outcomes.push('read'),
        () => {
          outcomes.push('broke off');
          response.destroy();
        },
      );
    });
    const session = connectHttp2(`http://127.0.0.1:${await listen(server)}`);
    closeAfterTest(() => {
      session.destroy();
    });
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    const timer = setInterval(() => stream.write('x'), 20);
    await new Promise<void>((resolve) => {
      // A write that comes after the server's reset fails, and Node then never closes the stream.
      const end = () => {
        resolve();
      };
      stream.on('error', end).on('close', end);
    });
    clearInterval(timer);
    expect(outcomes).to.deep.equal(['broke off']);
  });
});
