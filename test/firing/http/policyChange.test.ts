import { expect } from 'chai';

import { expectFailure, withClient } from '../../support/httpCall.js';
import { targetServer } from '../../support/targetServer.js';

describe('a network policy that changes', () => {
  it('closes pooled sockets and judges the next call anew', async () => {
    await using server = await targetServer({ body: '{}' });
    await withClient({ allow: [server.allow] }, async ({ post, failure, policy }) => {
      await post(server.url());
      policy.change({});
      await server.whenIdle();
      expectFailure(await failure(server.url()), 'address-refused', 'loopback');
      policy.change({ allow: ['127.0.0.1'] });
      await post(server.url());
      expect(server.connections()).to.equal(2);
    });
  });

  it('lets a call that was sent end, and then closes its socket', async () => {
    let finish: () => void = () => undefined;
    await using server = await targetServer(
      () =>
        new Promise(
          (resolve) =>
            (finish = () => {
              resolve({ body: '{}' });
            }),
        ),
    );
    await withClient({ allow: [server.allow] }, async ({ post, policy }) => {
      const under = post(server.url());
      await server.whenReceived(1);
      policy.change({});
      finish();
      expect((await under).status).to.equal(200);
      await server.whenIdle();
    });
  });

  it('refuses calls that still wait for a socket', async () => {
    let finish: () => void = () => undefined;
    await using server = await targetServer(
      () =>
        new Promise(
          (resolve) =>
            (finish = () => {
              resolve({ body: '{}' });
            }),
        ),
    );
    await withClient(
      { allow: [server.allow] },
      async ({ post, failure, policy }) => {
        const first = post(server.url('/first'));
        await server.whenReceived(1);
        const waiting = failure(server.url('/waiting'));
        policy.change({});
        finish();
        expect((await first).status).to.equal(200);
        expectFailure(await waiting, 'address-refused', 'loopback');
        expect(server.received).to.have.length(1);
      },
      { socketsPerHost: 1 },
    );
  });

  it('keeps the sockets of a bounded number of policies', async () => {
    await using server = await targetServer({ body: '{}' });
    await withClient(
      () => ({ allow: [server.allow] }),
      async ({ post }) => {
        for (let index = 0; index < 1_100; index += 1)
          await post(server.url(), { instanceID: `instance-${index}` });
        expect(server.connections()).to.equal(1_100);
        expect(server.openConnections()).to.be.at.most(1_010);
      },
    );
  });

  it('keeps the sockets of one policy from calls under another', async () => {
    await using server = await targetServer({ body: '{}' });
    await withClient(
      (instanceID) => (instanceID === 'trusted' ? { allow: [server.allow] } : {}),
      async ({ post, failure }) => {
        await post(server.url(), { instanceID: 'trusted' });
        expectFailure(await failure(server.url(), { instanceID: 'other' }), 'address-refused', 'loopback');
        expect(server.received).to.have.length(1);
      },
    );
  });
});
