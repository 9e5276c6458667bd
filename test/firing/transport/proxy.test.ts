import { expect } from 'chai';

import { InvalidArgumentError } from '../../../src/errors.js';
import { createHttpClient } from '../../../src/firing/transport/httpTarget.js';
import { createNetworkPolicy } from '../../../src/network/networkPolicy.js';
import { serverCertificate, testAuthority } from '../../support/certificates.js';
import { dialling } from '../../support/dialling.js';
import { expectFailure, withClient } from '../../support/httpCall.js';
import { proxyServer } from '../../support/proxyServer.js';
import { rawServer } from '../../support/rawServer.js';
import { targetServer } from '../../support/targetServer.js';

describe('a configured proxy', () => {
  it('is sent http calls whole, over pooled connections', async () => {
    await using server = await targetServer({ body: '{}' });
    const proxy = await proxyServer(server.port);
    const dial = dialling({});
    try {
      await withClient(
        dial.options,
        async ({ post }) => {
          expect((await post('http://hook.example/a')).status).to.equal(200);
          expect((await post('http://hook.example:8080/a')).status).to.equal(200);
          expect((await post('http://hook.example/a')).status).to.equal(200);
          expect(proxy.asked).to.deep.equal([
            'POST http://hook.example/a',
            'POST http://hook.example:8080/a',
            'POST http://hook.example/a',
          ]);
          expect(proxy.openConnections()).to.equal(2);
          expect(server.received[0]?.headers.host).to.equal('hook.example');
          expect(dial.resolved, 'the proxy resolves').to.deep.equal([]);
        },
        { proxy: { url: proxy.url } },
      );
    } finally {
      await proxy.close();
    }
  });

  it('tunnels https calls, and sees neither path nor body', async () => {
    await using server = await targetServer({ body: '{}' }, { tls: serverCertificate });
    const proxy = await proxyServer(server.port);
    try {
      await withClient(
        {},
        async ({ post }) => {
          await Promise.all(['/a', '/b', '/c'].map((path) => post(`https://hook.example${path}`)));
          await post('https://hook.example/d');
          expect(proxy.asked).to.deep.equal(Array.from({ length: 3 }, () => 'CONNECT hook.example:443'));
          expect(server.received).to.have.length(4);
        },
        { proxy: { url: proxy.url }, tls: { ca: testAuthority } },
      );
      await server.whenIdle();
    } finally {
      await proxy.close();
    }
  });

  it('alone receives its credentials', async () => {
    const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
    await using server = await targetServer({ body: '{}' });
    await using secure = await targetServer({ body: '{}' }, { tls: serverCertificate });
    for (const [target, endpoint] of [
      [server, 'http://hook.example/'],
      [secure, 'https://hook.example/'],
    ] as const) {
      const proxy = await proxyServer(target.port);
      try {
        await withClient(
          {},
          async ({ post }) => {
            await post(endpoint);
            expect(proxy.asked[0]).to.contain(basic);
            expect(JSON.stringify(target.received)).not.to.contain(basic);
          },
          { proxy: { url: `http://user:p%40ss@127.0.0.1:${proxy.port}` }, tls: { ca: testAuthority } },
        );
      } finally {
        await proxy.close();
      }
    }
  });

  it('does not lift the rules on the text of an endpoint', async () => {
    const proxy = await proxyServer(9);
    try {
      await withClient(
        { deny: ['denied.example'] },
        async ({ failure }) => {
          const refused = {
            'http://127.0.0.1/': 'loopback',
            'https://169.254.169.254/': 'metadata',
            'http://[::ffff:127.0.0.1]/': 'embedded-ipv4',
            'http://localhost/': 'local-name',
            'https://metadata.google.internal/': 'metadata',
            'https://denied.example/': 'deny',
            'http://2130706433/': 'numeric-host',
            'https://hook.example:22/': 'port',
          };
          for (const [endpoint, rule] of Object.entries(refused))
            expectFailure(await failure(endpoint), 'address-refused', rule);
          expect(proxy.asked).to.deep.equal([]);
        },
        { proxy: { url: proxy.url } },
      );
    } finally {
      await proxy.close();
    }
  });

  it('is an error of the call when it refuses or is down', async () => {
    await using server = await targetServer({ body: '{}' });
    const proxy = await proxyServer(server.port, 407);
    const options = { proxy: { url: `http://user:CANARY@127.0.0.1:${proxy.port}` } };
    await withClient(
      {},
      async ({ failure }) => {
        const error = await failure('https://hook.example/');
        expectFailure(error, 'network');
        expect(error.message).to.contain('407').and.not.to.contain('CANARY');
        await proxy.close();
        expectFailure(await failure('https://hook.example/'), 'network');
        expectFailure(await failure('http://hook.example/'), 'network');
        expect(server.received).to.deep.equal([]);
      },
      options,
    );
  });

  it('may not put bytes before those of the endpoint', async () => {
    const proxy = await rawServer((socket) =>
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n\x15\x03'),
    );
    try {
      await withClient(
        {},
        async ({ failure }) => {
          const error = await failure('https://hook.example/');
          expectFailure(error, 'network');
          expect(error.message).to.contain('before the TLS handshake');
          await proxy.whenIdle();
        },
        { proxy: { url: proxy.origin } },
      );
    } finally {
      await proxy.close();
    }
  });

  it('has to be the URL of an HTTP proxy', () => {
    for (const url of [
      '',
      'x',
      'https://proxy:1',
      'socks5://CANARY@proxy',
      'http://proxy/path',
      'http://proxy/?q',
      5,
      undefined,
    ]) {
      expect(() => createHttpClient({ policy: createNetworkPolicy(), proxy: { url: url as string } }))
        .to.throw(InvalidArgumentError)
        .that.satisfies((error: Error) => !error.message.includes('CANARY'));
    }
  });
});
