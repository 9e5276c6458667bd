import { expect } from 'chai';
import fc from 'fast-check';
import { validateHeaderName, validateHeaderValue } from 'node:http';

import { CallFailedError, InvalidArgumentError } from '../../src/errors.js';
import { checkExtraHeaders } from '../../src/firing/calls/reservedHeaders.js';
import { callTo, withClient } from '../support/httpCall.js';
import { rawServer } from '../support/rawServer.js';
import type { Property } from './property.js';
import { anyCharacter } from './anyCharacter.js';

const headerName = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.stringMatching(/^[a-zA-Z0-9-]{1,20}$/),
  fc.constantFrom(
    'host',
    'Host',
    'webhook-x',
    'actions-y',
    'proxy-z',
    'te',
    'TE',
    '__proto__',
    'connection',
    'content-length',
    'x-ok',
  ),
);
const headerValue = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: anyCharacter, maxLength: 5 }),
  fc.constantFrom('a\r\nb: c', 'é', ' a', 'a ', '\t', ''),
);
const naivelyReserved =
  /^(host|content-(length|type|encoding)|transfer-encoding|connection|keep-alive|expect|upgrade|trailer|te|accept-encoding|zitadel-signature|trace(parent|state)|__proto__|(proxy|webhook|actions)-.*)$/i;

const headers: Property = {
  name: 'headers are taken only when Node and a naive rule would send them as they are',
  runs: 20_000,
  check: async (parameters) =>
    fc.assert(
      fc.property(headerName, headerValue, (name, value) => {
        const isSendable =
          doesNotThrow(() => {
            validateHeaderName(name);
            validateHeaderValue(name, value);
          }) &&
          /^[ -~]*$/.test(value) &&
          value.trim() === value &&
          name.length <= 256;
        const isTaken = doesNotThrow(() => {
          checkExtraHeaders(Object.fromEntries([[name, value]]));
        });
        expect(isTaken).to.equal(isSendable && !naivelyReserved.test(name));
      }),
      parameters as never,
    ),
};

function doesNotThrow(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof InvalidArgumentError) expect(error.message).to.have.length.below(300);
    return false;
  }
}

const answerPart = fc.oneof(
  fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 204 x\r\n',
    'HTTP/1.0 500 x\r\n',
    'HTTP/1.1 101 x\r\n',
    'content-length: 2\r\n',
    'content-length: 99\r\n',
    'transfer-encoding: chunked\r\n',
    'connection: close\r\n',
    'upgrade: x\r\n',
    'content-encoding: gzip\r\n',
    '\r\n',
    '{}',
    '2\r\n{}\r\n',
    '0\r\n\r\n',
    ': x\r\n',
    'x: y\r\n',
  ),
  fc.uint8Array({ maxLength: 8 }).map((part) => Buffer.from(part).toString('latin1')),
);

const wire: Property = {
  name: 'a call to a server that writes any bytes ends with an answer or a typed error',
  runs: 2_000,
  async check(parameters) {
    let script = '';
    const server = await rawServer((socket) => socket.end(script, 'latin1'));
    try {
      await withClient({ allow: [server.allow] }, async ({ client }) => {
        await fc.assert(
          fc.asyncProperty(fc.array(answerPart, { maxLength: 8 }), async (parts) => {
            script = parts.join('');
            const outcome = await client.post(callTo(`${server.origin}/`)).catch((error: unknown) => error);
            if (outcome instanceof Error) expect(outcome).to.be.instanceOf(CallFailedError);
            else expect(outcome).to.have.property('status').that.is.within(200, 599);
          }),
          parameters as never,
        );
        await server.whenIdle();
      });
    } finally {
      await server.close();
    }
  },
};

export const wireProperties: readonly Property[] = [headers, wire];
