import { expect } from 'chai';
import { Socket } from 'node:net';

import type { Connect, NameLookup } from '../../../src/network/networkPolicyOptions.js';
import { until } from '../../support/conditions.js';
import { expectFailure, withClient } from '../../support/httpCall.js';
import { targetServer } from '../../support/targetServer.js';

describe('a network policy that changes', () => {
  it('closes pooled sockets and judges the next call again', async () => {
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

  it('refuses calls that are not sent yet', async () => {
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
    await withClient({ allow: [server.allow] }, async ({ post, failure, policy }) => {
      const first = post(server.url('/first'));
      await server.whenReceived(1);
      const waiting = failure(server.url('/waiting'));
      policy.change({});
      finish();
      expect((await first).status).to.equal(200);
      expectFailure(await waiting, 'address-refused', 'loopback');
      expect(server.received).to.have.length(1);
    });
  });

  it('keeps the sockets of a bounded number of policies', async () => {
    await using server = await targetServer({ body: '{}' });
    await withClient(
      () => ({ allow: [server.allow] }),
      async ({ post }) => {
        for (let index = 0; index < 280; index += 1)
          await post(server.url(), { instanceID: `instance-${index}` });
        expect(server.connections()).to.equal(280);
        expect(server.openConnections()).to.be.at.most(260);
      },
    );
  });

  it('judges again a name that was being resolved, or dialled for another call, when the policy changed', async () => {
    const dialled: string[] = [];
    const answers: (() => void)[] = [];
    const lookup: NameLookup = (_name, _options, callback) => {
      answers.push(() => {
        callback(null, '10.0.0.5');
      });
    };
    const sockets: Socket[] = [];
    let connected: () => void = () => undefined;
    const connect: Connect = ({ host }) => {
      dialled.push(host);
      return new Promise((resolve) => {
        connected = () => {
          const socket = new Socket();
          sockets.push(socket);
          resolve(socket);
        };
      });
    };
    await withClient({ allow: ['10.0.0.5'], lookup, connect }, async ({ failure, policy }) => {
      const resolving = failure('http://hook.example/');
      await until(() => answers.length === 1);
      policy.change({ lookup, connect, deny: ['hook.example'] });
      answers[0]?.();
      expectFailure(await resolving, 'address-refused', 'deny');
      expect(dialled).to.deep.equal([]);
      policy.change({ allow: ['10.0.0.5'], connect });
      const dialling = failure('http://10.0.0.5/');
      await until(() => dialled.length === 1);
      policy.change({ connect });
      connected();
      expectFailure(await dialling, 'address-refused', 'private');
      expect(sockets.map(({ destroyed }) => destroyed)).to.deep.equal([true]);
      expect(dialled).to.have.length(1);
    });
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
