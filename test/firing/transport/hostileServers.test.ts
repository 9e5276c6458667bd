import { expect } from 'chai';
import { connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';

import { faults, ok, whole, write, writeAndEnd } from './hostileAnswers.js';
import { expectFailure, withClient } from '../../support/httpCall.js';
import { heldBytes, holdsAtMost } from '../../support/memory.js';
import { rawServer } from '../../support/rawServer.js';

/** Unusual answers that are complete. */
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
  'eight interim answers': [write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(8) + whole), 200, '{}'],
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

  it('reads a body that arrives in single bytes', async () => {
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
        const before = heldBytes();
        expectFailure(await failure(`${server.origin}/`, { answerBytes: 1_048_576 }), 'answer-too-large');
        await server.whenIdle();
        expect(sent).to.be.below(2 ** 26);
        expect(await holdsAtMost(before + 2 ** 25)).to.equal(true);
      });
    } finally {
      await server.close();
    }
  });
});
