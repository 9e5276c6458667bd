import { expect } from 'chai';
import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket } from 'node:net';

import { until } from '../../support/conditions.js';
import { callTo, expectFailure, withClient } from '../../support/httpCall.js';
import { rawServer } from '../../support/rawServer.js';
import { targetServer } from '../../support/targetServer.js';

const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

describe('the pool of sockets', () => {
  it('carries call after call over one connection', async () => {
    await using server = await targetServer({ body: '{}' });
    await withClient({ allow: [server.allow] }, async ({ post }) => {
      for (let index = 0; index < 10; index += 1) await post(server.url());
      expect(server.connections()).to.equal(1);
    });
    await server.whenIdle();
  });

  it('closes a connection that opens after its call was given up', async () => {
    const giveUp = new AbortController();
    const sockets: Socket[] = [];
    const connect = () => {
      // Runs before the agent hands the socket to the request.
      process.nextTick(() => {
        giveUp.abort();
      });
      const socket = new Socket();
      sockets.push(socket);
      return socket;
    };
    await withClient({ connect }, async ({ post }) => {
      const given = post('http://8.8.8.8/', { signal: giveUp.signal }).catch((error: unknown) => error);
      expect(await given).to.include({ name: 'AbortError' });
      // Shorter than the time after which the pool closes an idle socket.
      await until(() => sockets.length === 1 && sockets[0]?.destroyed === true, 10_000);
    });
  });

  it('tries once more, with the same bytes, when a pooled connection died before it answered', async () => {
    const server = await rawServer((socket, _request, count) => {
      if (count === 1) socket.write(answer);
      else socket.resetAndDestroy();
    });
    try {
      await withClient({ allow: [server.allow] }, async ({ post }) => {
        expect((await post(`${server.origin}/`)).status).to.equal(200);
        expect((await post(`${server.origin}/`)).status).to.equal(200);
        expect(server.requests).to.have.length(3);
        expect(server.requests[2]).to.equal(server.requests[1]);
        expect(server.connections()).to.equal(2);
      });
    } finally {
      await server.close();
    }
  });

  it('tries again over a new connection, not over another old pooled connection', async () => {
    const server = await rawServer((socket, _request, count) => {
      if (count === 1) socket.write(answer);
      else socket.resetAndDestroy();
    });
    try {
      await withClient({ allow: [server.allow] }, async ({ post }) => {
        await Promise.all([post(`${server.origin}/`), post(`${server.origin}/`), post(`${server.origin}/`)]);
        expect(server.openConnections()).to.equal(3);
        expect((await post(`${server.origin}/`)).status).to.equal(200);
        expect(server.connections()).to.equal(4);
        expect(server.requests).to.have.length(5);
      });
    } finally {
      await server.close();
    }
  });

  it('tries once and not twice', async () => {
    let isAlive = true;
    const server = await rawServer((socket) => {
      if (isAlive) socket.write(answer);
      else socket.resetAndDestroy();
    });
    try {
      await withClient({ allow: [server.allow] }, async ({ post, failure }) => {
        await Promise.all([post(`${server.origin}/`), post(`${server.origin}/`), post(`${server.origin}/`)]);
        isAlive = false;
        expectFailure(await failure(`${server.origin}/`), 'network');
        expect(server.requests).to.have.length(5);
      });
    } finally {
      await server.close();
    }
  });

  it('does not try again once a byte was answered', async () => {
    const server = await rawServer((socket, _request, count) => {
      if (count === 1) socket.write(answer);
      else socket.write('H', () => setImmediate(() => socket.resetAndDestroy()));
    });
    try {
      await withClient({ allow: [server.allow] }, async ({ post, failure }) => {
        await post(`${server.origin}/`);
        expectFailure(await failure(`${server.origin}/`), 'network');
        expect(server.requests).to.have.length(2);
      });
    } finally {
      await server.close();
    }
  });

  it('does not try again on a fresh connection', async () => {
    await using server = await targetServer('reset');
    await withClient({ allow: [server.allow] }, async ({ failure }) => {
      expectFailure(await failure(server.url()), 'network');
      expect(server.received).to.have.length(1);
    });
  });

  it('reaches a restarted server without a failure', async () => {
    await using server = await targetServer({ body: '{}' });
    await withClient({ allow: [server.allow] }, async ({ post }) => {
      for (let index = 0; index < 5; index += 1) {
        await Promise.all(Array.from({ length: 8 }, () => post(server.url())));
        server.dropConnections();
      }
      expect(server.received.length).to.be.at.least(40);
    });
  });

  it('never takes unrequested bytes for the answer of the next call', async () => {
    const server = await rawServer((socket, _request, count) => {
      if (count === 1) socket.write(`${answer}HTTP/1.1 403 x\r\ncontent-length: 0\r\n\r\n`);
      else socket.write(answer);
    });
    try {
      await withClient({ allow: [server.allow] }, async ({ post }) => {
        expect((await post(`${server.origin}/a`)).status).to.equal(200);
        expect((await post(`${server.origin}/b`)).status).to.equal(200);
      });
    } finally {
      await server.close();
    }
  });

  it('does not keep a connection that the server wants closed', async () => {
    await using server = await targetServer({ body: '{}', headers: { connection: 'close' } });
    await withClient({ allow: [server.allow] }, async ({ post }) => {
      await post(server.url());
      await post(server.url());
      expect(server.connections()).to.equal(2);
    });
  });

  it('closes its sockets, and calls no target afterwards', async () => {
    await using server = await targetServer({ body: '{}' });
    await withClient({ allow: [server.allow] }, async ({ client, post, failure }) => {
      await post(server.url());
      expect(server.openConnections()).to.equal(1);
      client.close();
      await server.whenIdle();
      expectFailure(await failure(server.url()), 'network');
      expect(server.received).to.have.length(1);
    });
  });

  it('ends running calls when it is closed', async () => {
    await using server = await targetServer('never');
    await withClient({ allow: [server.allow] }, async ({ client, failure }) => {
      const failing = failure(server.url());
      await server.whenReceived(1);
      client.close();
      expectFailure(await failing, 'network');
    });
  });

  it('makes the headers of each call in the context of its caller', async () => {
    await using server = await targetServer({ body: '{}' });
    const context = new AsyncLocalStorage<string>();
    await withClient({ allow: [server.allow] }, async ({ client }) => {
      const names = Array.from({ length: 20 }, (_, index) => `caller-${index}`);
      await Promise.all(
        names.map((name) =>
          context.run(name, () =>
            client.post(
              callTo(server.url(`/${name}`), {
                headers: () => ({ traceparent: context.getStore() ?? 'none' }),
              }),
            ),
          ),
        ),
      );
      expect(server.received).to.have.length(20);
      for (const { path, headers } of server.received) expect(headers['traceparent']).to.equal(path.slice(1));
    });
  });
});
