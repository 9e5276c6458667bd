import { expect } from 'chai';
import type { Socket } from 'node:net';
import { withClient } from '../../support/httpCall.js';
import { rawServer } from '../../support/rawServer.js';

/** Writes, and resets the connection after the write or a turn later, so that both orders of arrival occur. */
const writeAndReset =
  (text: string) =>
  (socket: Socket, count: number): void => {
    socket.write(text, 'latin1', () => {
      if (count % 2 === 0) socket.resetAndDestroy();
      else setImmediate(() => socket.resetAndDestroy());
    });
  };

const json = 'content-type: application/json\r\n';
/** Answers without their end. */
const cut: Readonly<Record<string, string>> = {
  'an answer without a length': `HTTP/1.1 200 OK\r\n${json}\r\n`,
  'an answer without a length, and without anything else': 'HTTP/1.1 200 OK\r\n\r\n',
  'an answer with a length': `HTTP/1.1 200 OK\r\n${json}content-length: 2\r\n\r\n`,
  'an answer with a length, within its body': `HTTP/1.1 200 OK\r\n${json}content-length: 2\r\n\r\n{`,
  'a chunked answer': `HTTP/1.1 200 OK\r\n${json}transfer-encoding: chunked\r\n\r\n`,
  'a chunked answer, after a chunk': `HTTP/1.1 200 OK\r\n${json}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n`,
  'its headers': 'HTTP/1.1 200 OK\r\ncontent-le',
};

/** Answers that are whole, and empty: the content goes on unchanged. */
const empty: Readonly<Record<string, string>> = {
  'a length of 0': 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
  'no body by its status': 'HTTP/1.1 204 No Content\r\n\r\n',
  // Servers of HTTP/1.0 end every answer in this way, which a reset cannot be distinguished from.
  'the end of a connection of HTTP/1.0': 'HTTP/1.0 200 OK\r\n\r\n',
  'the end of a connection that it announced': 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n',
  'no chunk': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
};

const times = 12;

describe('an answer that a reset cuts', () => {
  for (const [name, text] of Object.entries(cut))
    it(`is never an answer: ${name}`, async () => {
      let calls = 0;
      const server = await rawServer((socket) => {
        writeAndReset(text)(socket, (calls += 1));
      });
      try {
        await withClient({ allow: [server.allow] }, async ({ failure }) => {
          for (let each = 0; each < times; each++)
            expect(await failure(`${server.origin}/`)).to.have.property('reason', 'network');
        });
      } finally {
        await server.close();
      }
    });
});

describe('an empty answer', () => {
  for (const [name, text] of Object.entries(empty))
    it(`is whole with ${name}`, async () => {
      const server = await rawServer((socket) => socket.end(text, 'latin1'));
      try {
        await withClient({ allow: [server.allow] }, async ({ post }) => {
          expect((await post(`${server.origin}/`)).body).to.have.length(0);
        });
      } finally {
        await server.close();
      }
    });

  it('is a network failure where it has no length and the server closes the connection', async () => {
    const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n', 'latin1'));
    try {
      await withClient({ allow: [server.allow] }, async ({ failure }) => {
        expect(await failure(`${server.origin}/`)).to.have.property('reason', 'network');
      });
    } finally {
      await server.close();
    }
  });
});
