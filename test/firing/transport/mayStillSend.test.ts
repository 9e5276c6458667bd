import { expect } from 'chai';

import { CallFailedError } from '../../../src/errors.js';
import { serverCertificate, testAuthority } from '../../support/certificates.js';
import { expectFailure, withClient } from '../../support/httpCall.js';
import { rawServer } from '../../support/rawServer.js';
import { targetServer } from '../../support/targetServer.js';

const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

/** A right to send that ends after `times` checks, as when the process sleeps between two steps of a call. */
function rightFor(times: number) {
  let asked = 0;
  return {
    asked: () => asked,
    assertMaySend() {
      if (++asked > times) throw new CallFailedError('network', 'the right has ended');
    },
  };
}

describe('the right to send', () => {
  it('is asked for once more when the connection is open, and nothing is written without the right', async () => {
    await using server = await targetServer();
    await withClient({ allow: [server.allow] }, async ({ failure }) => {
      for (const times of [0, 1]) {
        const { assertMaySend, asked } = rightFor(times);
        expectFailure(await failure(server.url(), { assertMaySend }), 'network');
        expect(asked()).to.equal(times + 1);
      }
    });
    await server.whenIdle();
    expect(server.received).to.deep.equal([]);
  });

  it('is asked for once more after the TLS handshake', async () => {
    await using server = await targetServer({}, { tls: serverCertificate });
    await withClient(
      { allow: [server.allow] },
      async ({ failure, post }) => {
        for (const times of [0, 1, 2]) {
          const { assertMaySend, asked } = rightFor(times);
          expectFailure(await failure(server.url(), { assertMaySend }), 'network');
          expect(asked()).to.equal(times + 1);
        }
        expect(server.received).to.deep.equal([]);
        const { assertMaySend } = rightFor(3);
        expect((await post(server.url(), { assertMaySend })).status).to.equal(200);
      },
      { tls: { ca: testAuthority } },
    );
    await server.whenIdle();
  });

  it('is asked for before a call is written to a connection that was kept', async () => {
    let mayCall = true;
    const server = await rawServer((socket) => void socket.write(answer));
    const assertMaySend = () => {
      if (!mayCall) throw new CallFailedError('network', 'the right has ended');
    };
    try {
      await withClient({ allow: [server.allow] }, async ({ post, failure }) => {
        expect((await post(`${server.origin}/`, { assertMaySend })).status).to.equal(200);
        mayCall = false;
        expectFailure(await failure(`${server.origin}/`, { assertMaySend }), 'network');
        expect(server.requests).to.have.lengthOf(1);
      });
    } finally {
      await server.close();
    }
  });

  it('is asked for before a call that met a dead connection is written again', async () => {
    let mayCall = true;
    const server = await rawServer((socket, _request, count) => {
      if (count === 1) socket.write(answer);
      else {
        mayCall = false;
        socket.resetAndDestroy();
      }
    });
    const assertMaySend = () => {
      if (!mayCall) throw new CallFailedError('network', 'the right has ended');
    };
    try {
      await withClient({ allow: [server.allow] }, async ({ post, failure }) => {
        expect((await post(`${server.origin}/`, { assertMaySend })).status).to.equal(200);
        expectFailure(await failure(`${server.origin}/`, { assertMaySend }), 'network');
        expect(server.requests).to.have.lengthOf(2);
      });
    } finally {
      await server.close();
    }
  });
});
