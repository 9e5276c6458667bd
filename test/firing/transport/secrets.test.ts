import axios, { AxiosError } from 'axios';
import type { AxiosInstance } from 'axios';
import { expect } from 'chai';
import { inspect } from 'node:util';

import type { HttpCall } from '../../../src/firing/calls/httpCall.js';
import type { NetworkPolicySource } from '../../../src/network/networkPolicyOptions.js';
import { dialling } from '../../support/dialling.js';
import { testSigningKey, withClient } from '../../support/httpCall.js';
import { manualClock } from '../../support/manualClock.js';
import { targetServer } from '../../support/targetServer.js';
import type { Script } from '../../support/targetServer.js';

/** Planted in every place of a call that holds a secret. */
const canary = 'CANARY-4711';
const secrets: Partial<HttpCall> = {
  body: JSON.stringify({ secret: canary }),
  extraHeaders: { authorization: `Bearer ${canary}`, 'x-key': canary },
};

interface Case {
  readonly script?: Script;
  readonly endpoint?: (origin: string) => string;
  readonly network?: NetworkPolicySource;
  readonly axios?: () => AxiosInstance;
  readonly changes?: Partial<HttpCall>;
  readonly expires?: true;
}

const rejecting = (error: () => unknown) => () => {
  const instance = axios.create();
  instance.interceptors.response.use(() => Promise.reject(error()));
  return instance;
};

const cases: Readonly<Record<string, Case>> = {
  'a connection that is reset': { script: 'reset' },
  'a time-out': { script: 'never', expires: true },
  'an answer that is too large': { script: { body: canary.repeat(100_000) } },
  'an encoded answer': { script: { body: canary, headers: { 'content-encoding': 'gzip' } } },
  'an answer that is cut': {
    script: (_call, response, socket) => {
      response.writeHead(200, { 'content-length': '100', 'x-answer': canary });
      response.write(canary, () => socket.destroy());
      return undefined;
    },
  },
  'something that is not HTTP': {
    script: (_call, _response, socket) => {
      socket.end(`HTTP/9.9 ${canary}`);
      return undefined;
    },
  },
  'a refused address': { endpoint: () => `http://10.0.0.1/${canary}?${canary}` },
  'a refused name': { endpoint: () => `http://localhost:2000/${canary}?${canary}` },
  'user info': { endpoint: () => `http://${canary}:${canary}@example.com/` },
  'a malformed endpoint': { endpoint: () => `http://[${canary}]/` },
  'a header that cannot be sent': { changes: { extraHeaders: { 'x-key': `${canary}\r\nx: y` } } },
  'headers that throw': {
    changes: {
      headers: () => {
        throw new Error(canary);
      },
    },
  },
  'a policy that throws': {
    network: () => {
      throw new Error(canary);
    },
  },
  'a resolver that fails': {
    endpoint: () => `http://hook.example/?${canary}`,
    network: {
      ...dialling({}).options,
      lookup: () => Promise.reject(Object.assign(new Error(canary), { code: canary })),
    },
  },
  'a dialler that fails': {
    endpoint: () => `http://8.8.8.8/?${canary}`,
    network: { connect: () => Promise.reject(new Error(canary)) },
  },
  'an interceptor that rejects with the whole request': {
    axios: rejecting(
      () => new AxiosError(canary, 'ERR', { headers: { authorization: canary } } as never, { canary }),
    ),
  },
  'an interceptor that rejects with something odd': {
    axios: rejecting(() => ({ toString: () => canary, canary })),
  },
};

describe('an error of a call', () => {
  for (const [
    title,
    { script = {}, endpoint, network, axios: makeAxios, changes, expires },
  ] of Object.entries(cases)) {
    it(`holds no secret: ${title}`, async () => {
      await using server = await targetServer(script);
      const clock = manualClock();
      await withClient(
        network ?? { allow: [server.allow] },
        async ({ failure }) => {
          const failing = failure(endpoint?.(server.origin) ?? server.url(`/${canary}?token=${canary}`), {
            ...secrets,
            ...changes,
          });
          if (expires) {
            await server.whenReceived(1);
            clock.expireAll();
          }
          const error = await failing;
          const everything = [
            error.message,
            error.stack ?? '',
            String(error),
            JSON.stringify(error),
            JSON.stringify(Object.getOwnPropertyDescriptors(error)),
            inspect(error, { depth: 20, showHidden: true, getters: true }),
          ].join('\n');
          expect(everything).not.to.contain(canary);
          expect(everything).not.to.contain(testSigningKey);
          expect(everything).not.to.contain('whsec_');
          expect(everything).not.to.contain('v1=');
        },
        { clock, ...(makeAxios && { axios: makeAxios() }) },
      );
    });
  }
});
