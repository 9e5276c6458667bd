import type { Socket } from 'node:net';

import type { InterruptReason } from '../../../src/errors.js';

export const ok = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
export const whole = `${ok}content-length: 2\r\n\r\n{}`;
export const write = (text: string) => (socket: Socket) => void socket.write(text, 'latin1');
export const writeAndEnd = (text: string) => (socket: Socket) => void socket.end(text, 'latin1');

/** Malformed answers: each causes a typed error and leaves no connection open. */
export const faults: Readonly<
  Record<string, readonly [script: (socket: Socket) => void, reason: InterruptReason]>
> = {
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
      socket.write(`${ok}content-length: 10\r\n\r\n{"a"`, () => setImmediate(() => socket.resetAndDestroy()));
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
  'two content lengths': [write(`${ok}content-length: 2\r\ncontent-length: 3\r\n\r\n{} `), 'answer-invalid'],
  'a content length and chunks': [
    write(`${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`),
    'answer-invalid',
  ],
  'a content length that is no number': [write(`${ok}content-length: 2x\r\n\r\n{}`), 'answer-invalid'],
  'a negative content length': [write(`${ok}content-length: -2\r\n\r\n{}`), 'answer-invalid'],
  'a flood of early hints': [
    (socket) => {
      const hints = 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'.repeat(1_000);
      const flood = () => socket.writable && socket.write(hints, 'latin1', flood);
      flood();
    },
    'answer-invalid',
  ],
  'a flood of 100': [write('HTTP/1.1 100 Continue\r\n\r\n'.repeat(9)), 'answer-invalid'],
  'a flood of different 1xx': [
    write(Array.from({ length: 9 }, (_, index) => `HTTP/1.1 ${102 + index} x\r\n\r\n`).join('') + whole),
    'answer-invalid',
  ],
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
    write(`${ok}transfer-encoding: chunked\r\n\r\n${`4000\r\n${'x'.repeat(16_384)}\r\n`.repeat(5)}0\r\n\r\n`),
    'answer-too-large',
  ],
  'an undelimited body above the cap': [writeAndEnd(`${ok}\r\n${'x'.repeat(100_000)}`), 'answer-too-large'],
};
