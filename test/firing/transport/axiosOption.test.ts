import axios from 'axios';
import { expect } from 'chai';

import { InvalidArgumentError } from '../../../src/errors.js';
import { createHttpClient } from '../../../src/firing/transport/httpTarget.js';
import { createNetworkPolicy } from '../../../src/network/networkPolicy.js';
import { expectFailure, withClient } from '../../support/httpCall.js';
import { expectSigned, instanceWith, runThrough } from './interceptors.js';

describe('an axios instance of the user', () => {
  it('has its interceptors run around each call', async () => {
    const seen: string[] = [];
    const instance = instanceWith((config) => {
      seen.push(
        `request ${config.method ?? ''} ${config.url?.replace(/\d+/g, 'n') ?? ''} ${String(config.data)}`,
      );
      config.headers.set('authorization', 'Bearer fresh');
      return config;
    });
    instance.interceptors.response.use((response) => {
      seen.push(`response ${response.status} ${Buffer.from(response.data as Uint8Array).toString()}`);
      return response;
    });
    await runThrough(instance, async (server, { post }) => {
      const answer = await post(server.url('/a'));
      expect(Buffer.from(answer.body).toString()).to.equal('{"answer":1}');
      expect(seen).to.deep.equal([
        'request post http://n.n.n.n:n/a {"order":1}',
        'response 200 {"answer":1}',
      ]);
      expect(server.received[0]?.headers.authorization).to.equal('Bearer fresh');
      expectSigned(server.received[0]);
    });
  });

  it('may change the body and the query: the signature covers what is sent', async () => {
    const instance = instanceWith((config) => ({
      ...config,
      data: '{"changed":"é"}',
      params: { token: 'a b' },
    }));
    await runThrough(instance, async (server, { post }) => {
      await post(server.url('/a?x=1'));
      expect(server.received[0]?.body).to.equal('{"changed":"é"}');
      expect(server.received[0]?.path).to.match(/^\/a\?x=1&token=a(\+|%20)b$/);
      expectSigned(server.received[0]);
    });
  });

  it('fails the call, without the words of the error, when the instance throws or rejects', async () => {
    const throwing = instanceWith(() => {
      throw new Error('CANARY');
    });
    const rejecting = axios.create();
    rejecting.interceptors.response.use(() => Promise.reject(new Error('CANARY')));
    for (const [instance, calls] of [
      [throwing, 0],
      [rejecting, 1],
    ] as const) {
      await runThrough(instance, async (server, { failure }) => {
        const error = await failure(server.url());
        expectFailure(error, 'network');
        expect(`${error.message}${error.stack ?? ''}`)
          .to.contain('interceptor')
          .and.not.to.contain('CANARY');
        expect(server.received).to.have.length(calls);
      });
    }
  });

  it('fails the call when the instance leaves a body that is not text', async () => {
    for (const data of [{ order: 1 }, undefined, null, 5, Buffer.from('x'), new URLSearchParams('a=b')]) {
      await runThrough(
        instanceWith((config) => Object.assign(config, { data })),
        async (server, { failure }) => {
          expectFailure(await failure(server.url()), 'network');
          expect(server.received).to.deep.equal([]);
        },
      );
    }
  });

  it('fails the call when the instance sets a header that cannot be sent', async () => {
    const instance = instanceWith((config) => Object.assign(config, { headers: { 'x-key': 'CANARYé' } }));
    await runThrough(instance, async (server, { failure }) => {
      const error = await failure(server.url());
      expectFailure(error, 'network');
      expect(error.message).not.to.contain('CANARY');
    });
  });

  it('may replace the bytes of an answer, but neither its status nor its size limit', async () => {
    const instance = axios.create();
    instance.interceptors.response.use((response) => ({ ...response, status: 200, data: '{"other":2}' }));
    await runThrough(instance, async (server, { post, failure }) => {
      expect(Buffer.from((await post(server.url())).body).toString()).to.equal('{"other":2}');
      server.answer({ status: 500 });
      expect((await post(server.url())).status).to.equal(500);
      expectFailure(await failure(server.url(), { answerBytes: 5 }), 'answer-too-large');
    });
  });

  it('may return anything: the answer on the wire counts', async () => {
    for (const handedOn of [undefined, null, 5, 'x', {}, { data: { parsed: true } }]) {
      const instance = axios.create();
      instance.interceptors.response.use(() => handedOn as never);
      await runThrough(instance, async (server, { post }) => {
        expect(Buffer.from((await post(server.url())).body).toString()).to.equal('{"answer":1}');
      });
    }
  });

  it('cannot make a success of a call that failed', async () => {
    const instance = axios.create();
    instance.interceptors.response.use(undefined, () => ({ status: 200, data: '' }));
    await runThrough(instance, async (server, { failure }) => {
      server.answer('reset');
      expectFailure(await failure(server.url()), 'network');
    });
    await withClient(
      {},
      async ({ failure }) => {
        expectFailure(await failure('http://127.0.0.1/'), 'address-refused', 'loopback');
      },
      { axios: instance },
    );
  });

  it('shares the defaults and interceptors that the instance has when a call is made', async () => {
    const instance = axios.create({ headers: { 'x-default': 'one' } });
    await runThrough(instance, async (server, { post }) => {
      await post(server.url());
      const id = instance.interceptors.request.use((config) => {
        config.headers.set('x-later', 'two');
        return config;
      });
      await post(server.url());
      instance.interceptors.request.eject(id);
      await post(server.url());
      expect(server.received.map(({ headers }) => [headers['x-default'], headers['x-later']])).to.deep.equal([
        ['one', undefined],
        ['one', 'two'],
        ['one', undefined],
      ]);
    });
  });

  it('has to be an axios instance', () => {
    for (const instance of [null, {}, 'axios', () => undefined, { interceptors: {} }]) {
      expect(() => createHttpClient({ policy: createNetworkPolicy(), axios: instance as never })).to.throw(
        InvalidArgumentError,
      );
    }
  });
});
