import { expect } from 'chai';
import type { TargetType } from '../../src/index.js';
import { heldBytes, holdsAtMost } from '../support/memory.js';
import { openActions, rejection } from '../support/openActions.js';
import type { Script } from '../support/targetServer.js';

const gigabyte = 2 ** 30;
const chunk = Buffer.alloc(65_536, 0x20);

/** Streams a gigabyte as fast as the reader reads, and counts the bytes that it read. */
function streaming(
  headers: Readonly<Record<string, string>>,
  status = 200,
): Script & { written: () => number } {
  let written = 0;
  const script: Script = (_call, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    let left = gigabyte;
    const more = () => {
      while (left > 0 && !response.destroyed) {
        left -= chunk.length;
        written += chunk.length;
        if (!response.write(chunk)) {
          response.once('drain', more);
          return;
        }
      }
      response.end();
    };
    more();
    return undefined;
  };
  return Object.assign(script, { written: () => written });
}

/** A byte of the answer every few milliseconds, forever. */
const dripping =
  (opening: string): Script =>
  (_call, _response, socket) => {
    socket.write(opening);
    const timer = setInterval(() => {
      if (socket.destroyed) clearInterval(timer);
      else socket.write('x');
    }, 5);
    return undefined;
  };

const raw =
  (text: string): Script =>
  (_call, _response, socket) => {
    socket.end(text);
    return undefined;
  };

interface Hostile {
  readonly script: () => Script;
  /** The reason of the failure; absent where the answer is harmless. */
  readonly reason?: string;
  /** The reason for a webhook, where it differs. */
  readonly webhook?: string | null;
  readonly responseStatus?: number;
}

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const headers = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

const hostile: Readonly<Record<string, Hostile>> = {
  'accepts and never answers': { script: () => 'never', reason: 'timeout' },
  'drips its headers': { script: () => dripping('HTTP/1.1 200 OK\r\nx-slow: '), reason: 'timeout' },
  'drips its body': { script: () => dripping(`${headers}content-length: 100000\r\n\r\n`), reason: 'timeout' },
  'resets the connection': { script: () => 'reset', reason: 'network' },
  'closes without an answer': { script: () => raw(''), reason: 'network' },
  'ends in the middle of its body': {
    script: () => raw(`${headers}content-length: 1000\r\n\r\n{"a":`),
    reason: 'network',
  },
  'answers something that is not HTTP': {
    script: () => raw('220 mail.example ESMTP\r\n'),
    reason: 'answer-invalid',
  },
  'answers 500': { script: () => ({ status: 500, body: '{"a":1}' }), reason: 'status', responseStatus: 500 },
  'answers 302 to itself': {
    script: () => ({ status: 302, headers: { location: '/' } }),
    reason: 'status',
    responseStatus: 302,
  },
  'answers a gigabyte with its length': {
    script: () => streaming({ 'content-length': String(gigabyte) }),
    reason: 'answer-too-large',
  },
  'answers a gigabyte in chunks': { script: () => streaming({}), reason: 'answer-too-large' },
  'answers 500 and a gigabyte': { script: () => streaming({}, 500), reason: 'status', responseStatus: 500 },
  'answers bad JSON': {
    script: () => ({ body: '{"a":1,}' }),
    reason: 'answer-invalid',
    webhook: null,
    responseStatus: 200,
  },
  'answers two documents': {
    script: () => ({ body: '{"a":1}{"b":2}' }),
    reason: 'answer-invalid',
    webhook: null,
    responseStatus: 200,
  },
  'answers JSON 10 000 levels deep': {
    script: () => ({ body: `{"a":${deep(10_000)}}` }),
    reason: 'answer-invalid',
    webhook: null,
    responseStatus: 200,
  },
  'answers JSON 65 levels deep': {
    script: () => ({ body: `{"a":${deep(64)}}` }),
    reason: 'answer-invalid',
    webhook: null,
    responseStatus: 200,
  },
  'answers with a member named __proto__': {
    script: () => ({ body: '{"__proto__":{"isAdmin":true}}' }),
    reason: 'answer-invalid',
    webhook: null,
    responseStatus: 200,
  },
  'answers HTML': {
    script: () => ({ body: '<p>{}</p>', headers: { 'content-type': 'text/html' } }),
    reason: 'answer-invalid',
    webhook: null,
    responseStatus: 200,
  },
};

const event = { type: 'order.placed', data: { kept: true } };
/** Long enough for every answer that ends. */
const deadlineMs = (reason: string | undefined) => (reason === 'timeout' ? 100 : 15_000);

/** Far less than the sent bytes, and far more than all tests need. Bytes. */
const most = 32 * 2 ** 20;

for (const type of ['webhook', 'requestResponse'] satisfies TargetType[])
  describe(`a ${type} target that`, () => {
    let heldBefore = 0;

    before(() => {
      heldBefore = heldBytes();
    });

    for (const [name, { script, reason, webhook, responseStatus }] of Object.entries(hostile)) {
      const expected = type === 'webhook' && webhook !== undefined ? webhook : reason;
      const settings = { type, timeoutMs: deadlineMs(reason) };

      it(`${name} ${expected === null ? 'is harmless' : `interrupts: ${expected ?? ''}`}`, async () => {
        const { call, guarded, read, reports } = await openActions();
        await call({ event: { all: true } }, { ...settings, interruptOnError: true, script: script() });
        const appending = guarded.append('order-1', [event]);
        if (expected === null) await appending;
        else {
          const error = await rejection(appending);
          const status = expected === 'timeout' ? 504 : 412;
          expect(error).to.include({ code: 'TARGET_INTERRUPTED', reason: expected, status, responseStatus });
          expect(reports[0]).to.include({ verdict: 'failed', reason: expected });
        }
        expect(await holdsAtMost(heldBefore + most)).to.equal(true);
        expect(await read('order-1')).to.have.length(expected === null ? 1 : 0);
      });

      it(`${name} changes nothing without interruptOnError`, async () => {
        const { call, guarded, read, reports } = await openActions();
        await call({ event: { all: true } }, { ...settings, script: script() });
        await guarded.append('order-1', [event]);
        expect((await read('order-1')).map(({ data }) => data)).to.deep.equal([event.data]);
        expect(reports[0]?.verdict).to.equal(expected === null ? 'passed' : 'failed');
      });
    }
  });

describe('endless answers', () => {
  for (const [words, status, headers] of [
    ['that say how long they are', 200, { 'content-length': String(gigabyte) }],
    ['in chunks', 200, {}],
    ['to an error', 500, {}],
  ] as const)
    it(`${words} are cut at the limit, and memory stays flat over many answers`, async () => {
      const { call, guarded } = await openActions();
      const script = streaming(headers, status);
      await call({ event: { all: true } }, { type: 'requestResponse', script });
      await guarded.append('order-1', [event]);
      const before = heldBytes();
      for (let number = 0; number < 30; number++) await guarded.append('order-1', [event]);
      // The buffers of the kernel add to the limit of 1 MiB; the rest of 31 gigabytes was never read.
      expect(script.written() / 31).to.be.below(32 * 2 ** 20);
      expect(await holdsAtMost(before + most)).to.equal(true);
    });
});
