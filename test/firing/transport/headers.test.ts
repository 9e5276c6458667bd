import { expect } from 'chai';

import { InvalidArgumentError } from '../../../src/errors.js';
import { checkExtraHeaders, isReservedHeader } from '../../../src/firing/calls/reservedHeaders.js';
import { expectFailure, withClient } from '../../support/httpCall.js';
import { targetServer } from '../../support/targetServer.js';

const reserved = [
  'Host',
  'host',
  'Content-Length',
  'Content-Type',
  'Content-Encoding',
  'Transfer-Encoding',
  'Connection',
  'Keep-Alive',
  'Expect',
  'Upgrade',
  'Trailer',
  'TE',
  'Accept-Encoding',
  'Proxy-Authorization',
  'Proxy-Connection',
  'ZITADEL-Signature',
  'webhook-id',
  'Webhook-Timestamp',
  'webhook-signature',
  'webhook-anything',
  'traceparent',
  'tracestate',
  'actions-depth',
  'Actions-Deadline-Ms',
  '__proto__',
];

const malformed: readonly (readonly [name: string, value: unknown])[] = [
  ['', 'x'],
  ['x a', 'x'],
  [':path', 'x'],
  ['x:', 'x'],
  ['x\r\ny', 'x'],
  ['x\0', 'x'],
  ['x(y)', 'x'],
  ['ü', 'x'],
  ['x,y', 'x'],
  ['x/y', 'x'],
  ['x'.repeat(5_000), 'x'],
  ['x-key', 'b\r\nx-evil: 1'],
  ['x-key', 'b\nx-evil: 1'],
  ['x-key', 'b\rx-evil: 1'],
  ['x-key', '\0'],
  ['x-key', 'a\x7f'],
  ['x-key', 'a\tb'],
  ['x-key', 'a\x1b[31m'],
  ['x-key', '🚀'],
  ['x-key', 'é'],
  ['x-key', '\u2028'],
  ['x-key', ' x'],
  ['x-key', 'x '],
  ['x-key', 5],
  ['x-key', null],
  ['x-key', undefined],
  ['x-key', ['a', 'b']],
  ['x-key', { toString: () => 'x' }],
  ['x-key', 'x'.repeat(8_200)],
];

const shown = (value: unknown) => (JSON.stringify(value) as string | undefined)?.slice(0, 30) ?? 'undefined';
const entry = (name: string, value: unknown) => Object.fromEntries([[name, value]]);

describe('extra headers of a target', () => {
  for (const name of reserved) {
    it(`refuses the reserved ${name}`, () => {
      expect(isReservedHeader(name)).to.equal(true);
      expect(() => {
        checkExtraHeaders(entry(name, 'CANARY'));
      })
        .to.throw(InvalidArgumentError)
        .that.satisfies((error: Error) => !error.message.includes('CANARY'));
    });
  }

  for (const [name, value] of malformed) {
    it(`refuses ${JSON.stringify(name).slice(0, 30)}: ${shown(value)}`, () => {
      expect(() => {
        checkExtraHeaders(entry(name, value));
      })
        .to.throw(InvalidArgumentError)
        .with.property('rule', 'header');
    });
  }

  it('refuses the same name twice and more than 8 kB in all', () => {
    expect(() => {
      checkExtraHeaders({ 'X-Key': 'a', 'x-key': 'b' });
    }).to.throw(InvalidArgumentError, 'twice');
    const many = Object.fromEntries(
      Array.from({ length: 90 }, (_, index) => [`x-${index}`, 'y'.repeat(100)]),
    );
    expect(() => {
      checkExtraHeaders(many);
    }).to.throw(InvalidArgumentError, '8192');
  });

  it('are accepted with ordinary names', () => {
    const headers = {
      authorization: 'Bearer a.b-c',
      'X-Api-Key': 'k',
      cookie: 'a=b; c=d',
      'x-empty': '',
      "x!#$%&'*+.^_`|~": 'x',
    };
    expect(() => {
      checkExtraHeaders(headers);
    }).not.to.throw();
    for (const name of Object.keys(headers)) expect(isReservedHeader(name)).to.equal(false);
  });
});

describe('the headers of a call', () => {
  it('are those of the target and then of the library, each once, and none of the environment or of axios', async () => {
    await using server = await targetServer({ body: '{}' });
    await withClient({ allow: [server.allow] }, async ({ post }) => {
      await post(server.url('/a?b=c'), { extraHeaders: { authorization: 'Bearer x', 'X-Key': 'k' } });
      const [call] = server.received;
      const names = call?.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
      expect(names).to.deep.equal([
        'host',
        'content-length',
        'accept-encoding',
        'authorization',
        'x-key',
        'content-type',
        'zitadel-signature',
        'webhook-id',
        'webhook-timestamp',
        'webhook-signature',
        'actions-depth',
        'connection',
      ]);
      expect(call?.method).to.equal('POST');
      expect(call?.headers['accept-encoding']).to.equal('identity');
      expect(call?.headers['content-length']).to.equal('11');
    });
  });

  it('are not replaced by stored headers that an earlier version did not check', async () => {
    await using server = await targetServer({ body: '{}' });
    await withClient({ allow: [server.allow] }, async ({ post }) => {
      await post(server.url(), {
        extraHeaders: {
          Host: 'evil.example',
          'Content-Length': '999',
          'transfer-encoding': 'chunked',
          'ZITADEL-Signature': 't=0,v1=00',
          'webhook-id': 'x',
          'Actions-Depth': '0',
          'x-fine': 'y',
        },
      });
      const headers = server.received[0]?.headers;
      expect(headers?.host).to.equal(`127.0.0.1:${server.port}`);
      expect(headers?.['content-length']).to.equal('11');
      expect(headers).not.to.have.property('transfer-encoding');
      expect(headers?.['webhook-id']).to.equal('call-1');
      expect(headers?.['actions-depth']).to.equal('1');
      expect(headers?.['x-fine']).to.equal('y');
    });
  });

  for (const value of ['a\r\nx-evil: 1', 'a\0', 'é', '🚀']) {
    it(`are refused before anything is dialled: ${JSON.stringify(value)}`, async () => {
      await using server = await targetServer({ body: '{}' });
      await withClient({ allow: [server.allow] }, async ({ failure }) => {
        const error = await failure(server.url(), { extraHeaders: { 'x-key': `CANARY${value}` } });
        expectFailure(error, 'network');
        expect(error.message).to.contain('x-key').and.not.to.contain('CANARY');
        expect(server.connections()).to.equal(0);
      });
    });
  }

  it('count the bytes of the body, not its characters', async () => {
    await using server = await targetServer({ body: '{}' });
    await withClient({ allow: [server.allow] }, async ({ post }) => {
      const body = JSON.stringify({ a: 'ä€🚀' });
      await post(server.url(), { body });
      expect(server.received[0]?.body).to.equal(body);
      expect(server.received[0]?.headers['content-length']).to.equal(String(Buffer.byteLength(body)));
    });
  });

  it('obey no proxy variable of the environment', async () => {
    await using proxy = await targetServer({ status: 599 });
    await using server = await targetServer({ body: '{}' });
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];
    const before = names.map((name) => process.env[name]);
    try {
      for (const name of names) process.env[name] = proxy.origin;
      process.env['NODE_USE_ENV_PROXY'] = '1';
      await withClient({ allow: [server.allow] }, async ({ post }) => {
        expect((await post(server.url())).status).to.equal(200);
      });
      expect(proxy.received).to.deep.equal([]);
    } finally {
      delete process.env['NODE_USE_ENV_PROXY'];
      for (const [index, name] of names.entries()) {
        const value = before[index];
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    }
  });

  it('ignore properties that were added to Object.prototype', async () => {
    await using trap = await targetServer({ status: 599 });
    await using server = await targetServer({ body: '{}' });
    const planted: Readonly<Record<string, unknown>> = {
      proxy: { host: '127.0.0.1', port: trap.port },
      socketPath: '/tmp/nowhere',
      hostname: 'evil.example',
      baseURL: trap.origin,
      auth: 'CANARY:CANARY',
      transformRequest: [() => 'CANARY'],
      transformResponse: [() => 'CANARY'],
      params: { planted: 'CANARY' },
      extraHeaders: { 'x-planted': 'CANARY' },
      insecureHTTPParser: true,
      rejectUnauthorized: false,
      localAddress: '127.0.0.9',
    };
    await withClient({ allow: [server.allow] }, async ({ post }) => {
      try {
        for (const [name, value] of Object.entries(planted))
          Object.defineProperty(Object.prototype, name, {
            value,
            configurable: true,
            enumerable: false,
            writable: true,
          });
        expect((await post(server.url())).status).to.equal(200);
      } finally {
        for (const name of Object.keys(planted)) Reflect.deleteProperty(Object.prototype, name);
      }
      expect(JSON.stringify(server.received)).not.to.contain('CANARY');
      expect(server.received).to.have.length(1);
      expect(trap.received).to.deep.equal([]);
    });
  });
});
