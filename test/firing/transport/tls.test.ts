import { expect } from 'chai';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';

import { InvalidArgumentError } from '../../../src/errors.js';
import { createHttpClient } from '../../../src/firing/transport/httpTarget.js';
import { createNetworkPolicy } from '../../../src/network/networkPolicy.js';
import {
  clientCertificate,
  expiredCertificate,
  otherNameCertificate,
  serverCertificate,
  testAuthority,
} from '../../support/certificates.js';
import { dialling } from '../../support/dialling.js';
import { expectFailure, withClient } from '../../support/httpCall.js';
import { targetServer } from '../../support/targetServer.js';

const answers = { 'hook.example': ['8.8.8.8'] };
const tls = { ca: testAuthority };

describe('https endpoints', () => {
  it('are called by name, with the certificate checked against the name', async () => {
    await using server = await targetServer({ body: '{}' }, { tls: serverCertificate });
    const dial = dialling(answers, server.port);
    await withClient(
      dial.options,
      async ({ post }) => {
        expect((await post('https://hook.example/a')).status).to.equal(200);
        expect((await post('https://hook.example/b')).status).to.equal(200);
        expect(server.connections()).to.equal(1);
        expect(server.received[0]?.headers.host).to.equal('hook.example');
      },
      { tls },
    );
    await server.whenIdle();
  });

  it('are called by address, over the ordinary dialler', async () => {
    await using server = await targetServer({ body: '{}' }, { tls: serverCertificate });
    await withClient(
      { allow: [server.allow] },
      async ({ post }) => {
        expect((await post(server.url())).status).to.equal(200);
      },
      { tls },
    );
  });

  it('are called by name, over the ordinary dialler and several addresses', async () => {
    await using server = await targetServer({ body: '{}' }, { tls: serverCertificate });
    const { lookup } = dialling({ 'hook.example': ['127.0.0.1', '127.0.0.1'] }).options;
    await withClient(
      { allow: ['hook.example'], lookup },
      async ({ post }) => {
        expect((await post(`https://hook.example:${server.port}/`)).status).to.equal(200);
      },
      { tls },
    );
  });

  const refused = {
    'an authority that is not trusted': { certificate: serverCertificate, options: {} },
    'a certificate of another name': { certificate: otherNameCertificate, options: { tls } },
    'an expired certificate': { certificate: expiredCertificate, options: { tls } },
  };
  for (const [title, { certificate, options }] of Object.entries(refused)) {
    for (const everybody of [undefined, '0']) {
      it(`are not called: ${title}${everybody === '0' ? ', even where the process checks no certificate' : ''}`, async () => {
        await using server = await targetServer({ body: '{}' }, { tls: certificate });
        const dial = dialling(answers, server.port);
        const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
        const warn = process.emitWarning;
        process.emitWarning = () => undefined;
        try {
          if (everybody !== undefined) process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = everybody;
          await withClient(
            dial.options,
            async ({ failure }) => {
              const error = await failure('https://hook.example/');
              expectFailure(error, 'network');
              expect(error.message).to.match(/\([A-Z_]+\)$/);
              expect(server.received).to.deep.equal([]);
            },
            options,
          );
          await server.whenIdle();
        } finally {
          process.emitWarning = warn;
          if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
          else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
        }
      });
    }
  }

  it('are not called over TLS 1.1', async () => {
    const server = createServer({
      ...serverCertificate,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await withClient(
        { allow: [`127.0.0.1:${port}`] },
        async ({ failure }) => {
          expectFailure(await failure(`https://127.0.0.1:${port}/`), 'network');
        },
        { tls },
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('see the certificate of the client', async () => {
    const subjects: unknown[] = [];
    const server = createServer(
      { ...serverCertificate, ca: testAuthority, requestCert: true, rejectUnauthorized: true },
      (request, response) => {
        const { socket } = request;
        subjects.push(socket instanceof TLSSocket ? socket.getPeerCertificate().subject.CN : undefined);
        response.end();
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await withClient(
        { allow: [`127.0.0.1:${port}`] },
        async ({ post }) => {
          expect((await post(`https://127.0.0.1:${port}/`)).status).to.equal(200);
          expect(subjects).to.deep.equal(['client']);
        },
        { tls: { ...tls, ...clientCertificate } },
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('are refused options of TLS that are no certificate', () => {
    const tries = [
      { ca: 'CANARY' },
      { cert: 'CANARY', key: 'CANARY' },
      { cert: clientCertificate.cert, key: serverCertificate.key },
      { key: 5 as never },
    ];
    for (const [index, options] of tries.entries()) {
      expect(() => createHttpClient({ policy: createNetworkPolicy(), tls: options }), String(index))
        .to.throw(InvalidArgumentError)
        .that.satisfies((error: Error) => !error.message.includes('CANARY') && error.cause === undefined);
    }
  });

  it('are never called without TLS, and http endpoints never over TLS', async () => {
    await using plain = await targetServer({ body: '{}' });
    await using secure = await targetServer({ body: '{}' }, { tls: serverCertificate });
    await withClient(
      { allow: [plain.allow, secure.allow] },
      async ({ failure }) => {
        expectFailure(await failure(`https://127.0.0.1:${plain.port}/`), 'network');
        expectFailure(await failure(`http://127.0.0.1:${secure.port}/`), 'network');
        expect([...plain.received, ...secure.received]).to.deep.equal([]);
      },
      { tls },
    );
  });
});
