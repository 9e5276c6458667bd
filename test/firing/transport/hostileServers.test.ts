import { expect } from 'chai';
import { connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';

import type { InterruptReason } from '../../../src/errors.js';
import { expectFailure, withClient } from '../../support/httpCall.js';
import { rawServer } from '../../support/rawServer.js';

const ok = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const whole = `${ok}content-length: 2\r\n\r\n{}`;
const write = (text: string) => (socket: Socket) => void socket.write(text, 'latin1');
const writeAndEnd = (text: string) => (socket: Socket) => void socket.end(text, 'latin1');

/** Answers that are none: each ends in a typed error and leaves no connection open. */
const faults: Readonly<Record<string, readonly [script: (socket: Socket) => void, reason: InterruptReason]>> =
  {
    'closes without a byte': [(socket) => void socket.end(), 'network'],
    'resets without a byte': [(socket) => socket.resetAndDestroy(), 'network'],
    'closes within the status line': [writeAndEnd('HTTP/1.1 2'), 'network'],
    'closes within the headers': [writeAndEnd(ok), 'network'],
    'closes within the body': [writeAndEnd(`${ok}content-length: 10\r\n\r\n{"a"`), 'network'],
    'closes within a chunk': [writeAndEnd(`${ok}transfer-encoding: chunked\r\n\r\n5\r\n{"`), 'network'],
    'closes before the last chunk': [
      writeAndEnd(`${ok}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n`),
      'network',
    ],
    'resets within the body': [
      (socket) => {
        socket.write(`${ok}content-length: 10\r\n\r\n{"a"`, () =>
          setImmediate(() => socket.resetAndDestroy()),
        );
      },
      'network',
    ],
    'HTTP/0.9': [writeAndEnd('{}'), 'answer-invalid'],
    'something that is not HTTP': [writeAndEnd('SSH-2.0-OpenSSH_9.6\r\n'), 'answer-invalid'],
    'TLS where HTTP was asked for': [writeAndEnd('\x16\x03\x01\x02\x00\x01'), 'answer-invalid'],
    'status 000': [write('HTTP/1.1 000 x\r\ncontent-length: 0\r\n\r\n'), 'answer-invalid'],
    'status 99': [write('HTTP/1.1 99 x\r\ncontent-length: 0\r\n\r\n'), 'answer-invalid'],
    'status 600': [write('HTTP/1.1 600 x\r\ncontent-length: 0\r\n\r\n'), 'answer-invalid'],
    'status 999': [write('HTTP/1.1 999 x\r\ncontent-length: 0\r\n\r\n'), 'answer-invalid'],
    'status -1': [write('HTTP/1.1 -1 x\r\ncontent-length: 0\r\n\r\n'), 'answer-invalid'],
    'a status that is no number': [write('HTTP/1.1 abc x\r\ncontent-length: 0\r\n\r\n'), 'answer-invalid'],
    'HTTP/2.0': [write('HTTP/2.0 200 OK\r\ncontent-length: 0\r\n\r\n'), 'answer-invalid'],
    '101 with an upgrade': [
      write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
      'answer-invalid',
    ],
    '101 without an upgrade': [write('HTTP/1.1 101 Switching Protocols\r\n\r\n'), 'answer-invalid'],
    'two content lengths': [
      write(`${ok}content-length: 2\r\ncontent-length: 3\r\n\r\n{} `),
      'answer-invalid',
    ],
    'a content length and chunks': [
      write(`${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`),
      'answer-invalid',
    ],
    'a content length that is no number': [write(`${ok}content-length: 2x\r\n\r\n{}`), 'answer-invalid'],
    'a negative content length': [write(`${ok}content-length: -2\r\n\r\n{}`), 'answer-invalid'],
    'an endless content length': [
      write(`${ok}content-length: 99999999999999999999999\r\n\r\n{}`),
      'answer-invalid',
    ],
    'a bad chunk': [write(`${ok}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`), 'answer-invalid'],
    'a chunk longer than it says': [
      write(`${ok}transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n`),
      'answer-invalid',
    ],
    'a header without a name': [write('HTTP/1.1 200 OK\r\n: x\r\n\r\n'), 'answer-invalid'],
    'a header with a space in its name': [write('HTTP/1.1 200 OK\r\na b: x\r\n\r\n'), 'answer-invalid'],
    'a header with NUL': [write('HTTP/1.1 200 OK\r\na: x\0y\r\ncontent-length: 0\r\n\r\n'), 'answer-invalid'],
    'a header line that is folded wrongly': [write('HTTP/1.1 200 OK\r\n a: x\r\n\r\n'), 'answer-invalid'],
    'one header of 30 kB': [write(`HTTP/1.1 200 OK\r\na: ${'x'.repeat(30_000)}\r\n\r\n`), 'answer-too-large'],
    'three thousand headers': [
      write(`HTTP/1.1 200 OK\r\n${'abcdef: x\r\n'.repeat(3_000)}\r\n`),
      'answer-too-large',
    ],
    'a gzip body': [write(`${ok}content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}`), 'answer-invalid'],
    'a brotli body in capitals': [
      write(`${ok}Content-Encoding: BR\r\ncontent-length: 2\r\n\r\n{}`),
      'answer-invalid',
    ],
    'two encodings': [
      write(`${ok}content-encoding: identity\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}`),
      'answer-invalid',
    ],
    'a transfer encoding besides chunked': [
      write(`${ok}transfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`),
      'answer-invalid',
    ],
    'a declared body above the cap': [write(`${ok}content-length: 1000000\r\n\r\n{`), 'answer-too-large'],
    'a chunked body above the cap': [
      write(
        `${ok}transfer-encoding: chunked\r\n\r\n${`4000\r\n${'x'.repeat(16_384)}\r\n`.repeat(5)}0\r\n\r\n`,
      ),
      'answer-too-large',
    ],
    'an undelimited body above the cap': [writeAndEnd(`${ok}\r\n${'x'.repeat(100_000)}`), 'answer-too-large'],
  };

/** Answers that are odd and whole. */
const answered: Readonly<
  Record<string, readonly [script: (socket: Socket) => void, status: number, body: string]>
> = {
  'an undelimited body that ends with the connection': [writeAndEnd(`${ok}\r\n{}`), 200, '{}'],
  'HTTP/1.0': [writeAndEnd('HTTP/1.0 200 OK\r\n\r\n{}'), 200, '{}'],
  'chunks with an extension and trailers': [
    write(`${ok}transfer-encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nx: y\r\n\r\n`),
    200,
    '{}',
  ],
  'early hints and 100 before the answer': [
    write(`HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${whole}`),
    200,
    '{}',
  ],
  'the encoding identity': [
    write(`${ok}content-encoding: identity\r\ncontent-length: 2\r\n\r\n{}`),
    200,
    '{}',
  ],
  '204': [write('HTTP/1.1 204 No Content\r\n\r\n'), 204, ''],
  '599': [write('HTTP/1.1 599 x\r\ncontent-length: 0\r\n\r\n'), 599, ''],
  'a redirect to metadata': [
    write('HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n'),
    302,
    '',
  ],
  'a redirect that keeps the method': [
    write('HTTP/1.1 307 Temporary Redirect\r\nlocation: //127.0.0.1/\r\ncontent-length: 0\r\n\r\n'),
    307,
    '',
  ],
  'a redirect to a file': [
    write('HTTP/1.1 308 x\r\nlocation: file:///etc/passwd\r\ncontent-length: 0\r\n\r\n'),
    308,
    '',
  ],
  'a failure with a body above the cap': [
    write('HTTP/1.1 500 x\r\ncontent-length: 1000000\r\n\r\n'),
    500,
    '',
  ],
  'a failure with an encoded body': [
    write('HTTP/1.1 502 x\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}'),
    502,
    '{}',
  ],
  'a refresh header': [
    write(`${ok}refresh: 0;url=http://127.0.0.1/\r\ncontent-length: 2\r\n\r\n{}`),
    200,
    '{}',
  ],
};

describe('servers that answer badly', () => {
  for (const [title, [script, reason]] of Object.entries(faults)) {
    it(`${title}: ${reason}`, async () => {
      const server = await rawServer(script);
      try {
        await withClient({ allow: [server.allow] }, async ({ failure }) => {
          const error = await failure(`${server.origin}/path?CANARY`);
          expectFailure(error, reason);
          expect(JSON.stringify([error.message, error.stack])).not.to.contain('CANARY');
          expect(server.connections(), 'a fresh connection is not tried again').to.equal(1);
          await server.whenIdle();
        });
      } finally {
        await server.close();
      }
    });
  }

  for (const [title, [script, status, body]] of Object.entries(answered)) {
    it(`${title}: taken as ${status}`, async () => {
      const server = await rawServer(script);
      try {
        await withClient({ allow: [server.allow] }, async ({ post }) => {
          const answer = await post(`${server.origin}/`);
          expect({ status: answer.status, body: Buffer.from(answer.body).toString() }).to.deep.equal({
            status,
            body,
          });
          expect(server.requests, 'nothing was followed').to.have.length(1);
        });
        await server.whenIdle();
      } finally {
        await server.close();
      }
    });
  }

  it('closes a connection whose server answers without reading the request', async () => {
    const server = await rawServer(
      () => undefined,
      (socket) => {
        socket.pause();
        socket.write(whole);
      },
    );
    const sockets: Socket[] = [];
    const connect = () => {
      const socket = connectSocket({ host: '127.0.0.1', port: server.port });
      sockets.push(socket);
      return socket;
    };
    try {
      await withClient({ connect }, async ({ post }) => {
        const answer = await post('http://8.8.8.8/', { body: 'x'.repeat(2 ** 24) });
        expect(answer.status).to.equal(200);
        expect(sockets.map(({ destroyed }) => destroyed)).to.deep.equal([true]);
      });
    } finally {
      await server.close();
    }
  });

  it('puts a body together that comes in single bytes', async () => {
    const server = await rawServer((socket) => {
      socket.write(`${ok}transfer-encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(50_000)}0\r\n\r\n`);
    });
    try {
      await withClient({ allow: [server.allow] }, async ({ post }) => {
        const { body } = await post(`${server.origin}/`);
        expect(Buffer.from(body).toString()).to.equal('x'.repeat(50_000));
      });
    } finally {
      await server.close();
    }
  });

  it('keeps memory flat while a server sends a gigabyte', async () => {
    const chunk = Buffer.alloc(65_536, 0x20);
    let sent = 0;
    const server = await rawServer((socket) => {
      socket.write(`${ok}\r\n`);
      const more = () => {
        while (sent < 2 ** 30 && !socket.destroyed) {
          sent += chunk.byteLength;
          if (!socket.write(chunk)) {
            socket.once('drain', more);
            return;
          }
        }
      };
      more();
    });
    try {
      await withClient({ allow: [server.allow] }, async ({ failure }) => {
        const before = process.memoryUsage().arrayBuffers;
        expectFailure(await failure(`${server.origin}/`, { answerBytes: 1_048_576 }), 'answer-too-large');
        await server.whenIdle();
        expect(sent).to.be.below(2 ** 26);
        expect(process.memoryUsage().arrayBuffers - before).to.be.below(2 ** 25);
      });
    } finally {
      await server.close();
    }
  });
});
