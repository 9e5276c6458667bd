import axios from 'axios';
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import { expect } from 'chai';

import { dialling } from '../../support/dialling.js';
import { manualClock } from '../../support/manualClock.js';
import { targetServer } from '../../support/targetServer.js';
import { expectFailure, withClient } from '../../support/httpCall.js';
import { expectSigned, instanceWith, runThrough } from './interceptors.js';
import type { Change } from './interceptors.js';

describe('an interceptor of the user', () => {
  const harmless: Readonly<Record<string, Change>> = {
    'replaces the adapter': (config) => ({
      ...config,
      adapter: () => Promise.resolve({ status: 200, data: 'x' }),
    }),
    'replaces the adapter in place': (config) => Object.assign(config, { adapter: 'fetch' }),
    'replaces the method': (config) => Object.assign(config, { method: 'get' }),
    'replaces transforms': (config) =>
      Object.assign(config, { transformRequest: [() => 'x'], transformResponse: [() => 'x'] }),
    'follows redirects': (config) => Object.assign(config, { maxRedirects: 10 }),
    'sets a proxy': (config) => Object.assign(config, { proxy: { host: '127.0.0.1', port: 9 } }),
    'sets a socket path': (config) => Object.assign(config, { socketPath: '/tmp/nowhere' }),
    'sets agents': (config) => Object.assign(config, { httpAgent: {}, httpsAgent: {} }),
    'sets a base URL': (config) =>
      Object.assign(config, { baseURL: 'http://169.254.169.254/', allowAbsoluteUrls: false }),
    'sets a time-out': (config) => Object.assign(config, { timeout: 1 }),
    'validates every status as wrong': (config) => Object.assign(config, { validateStatus: () => false }),
    'drops all headers': (config) => Object.assign(config, { headers: undefined }),
    'sets reserved headers': (config) => {
      for (const name of [
        'host',
        'content-length',
        'transfer-encoding',
        'zitadel-signature',
        'webhook-id',
        'actions-depth',
        'connection',
        'expect',
        'proxy-authorization',
        'content-type',
      ])
        config.headers.set(name, '999');
      return config;
    },
    'returns a bare object': ({ url, data }) => ({ url, data: data as unknown }),
    decompresses: (config) => Object.assign(config, { decompress: true, responseType: 'json' }),
    'lifts the caps': (config) => Object.assign(config, { maxContentLength: Infinity }),
  };
  for (const [title, change] of Object.entries(harmless)) {
    it(`cannot change a guarded setting: ${title}`, async () => {
      await runThrough(instanceWith(change), async (server, { post }) => {
        const answer = await post(server.url('/a'));
        expect({ status: answer.status, body: Buffer.from(answer.body).toString() }).to.deep.equal({
          status: 200,
          body: '{"answer":1}',
        });
        const [call] = server.received;
        expect(call?.method).to.equal('POST');
        expect(call?.path).to.equal('/a');
        expect(call?.body).to.equal('{"order":1}');
        expect(call?.headers['content-length']).to.equal('11');
        expect(call?.headers['content-type']).to.equal('application/json');
        expect(call?.headers).not.to.have.any.keys('transfer-encoding', 'expect', 'proxy-authorization');
        expectSigned(call);
      });
    });
  }

  const urls: Readonly<Record<string, readonly [url: unknown, rule: string]>> = {
    metadata: ['http://169.254.169.254/', 'metadata'],
    'a numeric host': ['http://2130706433/', 'numeric-host'],
    'another port of loopback': ['http://127.0.0.1:1025/', 'loopback'],
    'user info': ['http://user:CANARY@example.com/', 'user-info'],
    'a data URL': ['data:text/plain,CANARY', 'scheme'],
    'a path': ['/CANARY', 'scheme'],
    nothing: [undefined, 'length'],
    'an object': [{ toString: () => 'http://127.0.0.1/' }, 'length'],
  };
  for (const [title, [url, rule]] of Object.entries(urls)) {
    it(`cannot slip past the policy with ${title}`, async () => {
      const dial = dialling({});
      const instance = instanceWith((config) => Object.assign(config, { url }));
      await withClient(
        dial.options,
        async ({ failure }) => {
          const error = await failure('https://hook.example/');
          expectFailure(error, 'address-refused', rule);
          expect(error.message).not.to.contain('CANARY');
          dial.assertNothingWasDialled();
          expect(dial.resolved).to.deep.equal([]);
        },
        { axios: instance },
      );
    });
  }

  it('cannot pin another adapter by an interceptor that is registered late, early, or while the call runs', async () => {
    const instance = axios.create();
    const evil: Change = (config) =>
      Object.assign(config, { adapter: () => Promise.resolve({ status: 200, data: 'evil' }) });
    instance.interceptors.request.use(evil as never);
    instance.interceptors.request.use(((config: InternalAxiosRequestConfig) => {
      instance.interceptors.request.use(evil as never);
      return config;
    }) as never);
    instance.defaults.adapter = () => Promise.reject(new Error('evil'));
    instance.defaults.transitional = {
      ...instance.defaults.transitional,
      legacyInterceptorReqResOrdering: false,
    };
    await runThrough(instance, async (server, { post }) => {
      for (let index = 0; index < 3; index += 1)
        expect(Buffer.from((await post(server.url())).body).toString()).to.equal('{"answer":1}');
      expect(server.received).to.have.length(3);
    });
  });

  it('cannot leave a call behind by sending twice', async () => {
    const instance = axios.create();
    const clock = manualClock();
    await using server = await targetServer('never');
    instance.interceptors.request.use((config) => {
      const { adapter } = config as { adapter: AxiosAdapter };
      void adapter({ ...config, url: server.url('/second') }).catch(() => undefined);
      return config;
    });
    await withClient(
      { allow: [server.allow] },
      async ({ failure }) => {
        const failing = failure(server.url('/first'));
        await server.whenReceived(2);
        clock.expireAll();
        expectFailure(await failing, 'timeout');
        await server.whenIdle();
      },
      { axios: instance, clock },
    );
  });

  it('cannot get round the policy by a synchronous interceptor that throws', async () => {
    const instance = axios.create();
    const options = { synchronous: true };
    instance.interceptors.request.use(
      ((config: InternalAxiosRequestConfig) =>
        Object.assign(config, { adapter: () => Promise.resolve({ status: 200, data: 'evil' }) })) as never,
      undefined,
      options,
    );
    instance.interceptors.request.use(
      () => {
        throw new Error('CANARY');
      },
      () => undefined as never,
      options,
    );
    await runThrough(instance, async (server, { client, failure }) => {
      expect(client).to.have.property('post');
      const error = await failure(server.url());
      expect(error.message).not.to.contain('CANARY');
      expect(server.received).to.deep.equal([]);
    });
  });
});
