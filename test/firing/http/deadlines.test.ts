import axios from 'axios';
import { expect } from 'chai';
import { Socket } from 'node:net';

import type { HttpClientOptions } from '../../../src/firing/httpTarget.js';
import type { NetworkPolicyOptions } from '../../../src/firing/networkPolicyOptions.js';
import { dialling } from '../../support/dialling.js';
import { expectFailure, withClient } from '../../support/httpCall.js';
import type { TestClient } from '../../support/httpCall.js';
import { manualClock } from '../../support/manualClock.js';
import { rawServer } from '../../support/rawServer.js';
import type { RawServer } from '../../support/rawServer.js';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}

/** A place where a call can hang: what hangs, and how a test knows that the call has come there. */
interface Place {
  readonly endpoint: string;
  readonly network: NetworkPolicyOptions;
  readonly options?: Pick<HttpClientOptions, 'axios' | 'socketsPerHost' | 'proxy'>;
  readonly arrived: () => Promise<void>;
  /** Runs before the call that is judged. */
  readonly prepare?: (client: TestClient) => Promise<unknown>;
  readonly left: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

const drip = (socket: Socket, text: string) => {
  socket.write(text);
  const timer = setInterval(() => socket.write('x'), 5);
  socket.on('close', () => {
    clearInterval(timer);
  });
};

function at(server: RawServer, requests = 1): Place {
  return {
    endpoint: `${server.origin}/`,
    network: { allow: [server.allow] },
    arrived: () => server.whenRequests(requests),
    left: () => server.whenIdle(),
    close: () => server.close(),
  };
}

const places: Readonly<Record<string, () => Promise<Place>>> = {
  'a server that accepts and never answers': async () => at(await rawServer(() => undefined)),
  'a server that drips its headers': async () =>
    at(await rawServer((socket) => void drip(socket, 'HTTP/1.1 200 OK\r\nx: '))),
  'a server that drips its body': async () =>
    at(await rawServer((socket) => void drip(socket, 'HTTP/1.1 200 OK\r\n\r\n'))),
  'a server that drips the body of a failure': async () =>
    at(await rawServer((socket) => void drip(socket, 'HTTP/1.1 500 x\r\n\r\n'))),
  'a server that drips one chunk': async () =>
    at(
      await rawServer(
        (socket) => void drip(socket, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffff\r\n'),
      ),
    ),
  'a server that sends early hints for ever': async () =>
    at(
      await rawServer((socket) => {
        const timer = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 5);
        socket.on('close', () => {
          clearInterval(timer);
        });
      }),
    ),
  'a server that accepts and says nothing to a TLS hello': async () => {
    const server = await rawServer(() => undefined);
    return {
      ...at(server),
      endpoint: `https://127.0.0.1:${server.port}/`,
      arrived: () => until(() => server.connections() === 1),
    };
  },
  'a proxy that never opens the tunnel': async () => {
    const server = await rawServer(() => undefined);
    return {
      ...at(server),
      endpoint: 'https://hook.example/',
      network: {},
      options: { proxy: { url: server.origin } },
    };
  },
  'a connection that never comes about': () => {
    const socket = new Socket();
    let isDialled = false;
    return Promise.resolve({
      endpoint: 'http://8.8.8.8/',
      network: {
        connect: () => {
          isDialled = true;
          return socket;
        },
      },
      arrived: () => until(() => isDialled),
      left: () => until(() => socket.destroyed),
    });
  },
  'a resolver that never answers': () => {
    const dial = dialling({});
    let isAsked = false;
    return Promise.resolve({
      endpoint: 'http://hook.example/',
      network: {
        ...dial.options,
        lookup: () => {
          isAsked = true;
        },
      },
      arrived: () => until(() => isAsked),
      left: () => {
        dial.assertNothingWasDialled();
        return Promise.resolve();
      },
    });
  },
  'an interceptor that never comes back': () => {
    const dial = dialling({});
    const instance = axios.create();
    let isThere = false;
    instance.interceptors.request.use(() => {
      isThere = true;
      return new Promise(() => undefined);
    });
    return Promise.resolve({
      endpoint: 'http://8.8.8.8/',
      network: dial.options,
      options: { axios: instance },
      arrived: () => until(() => isThere),
      left: () => {
        dial.assertNothingWasDialled();
        return Promise.resolve();
      },
    });
  },
  'the wait for a socket': async () => {
    const server = await rawServer(() => undefined);
    const first = new AbortController();
    return {
      ...at(server),
      options: { socketsPerHost: 1 },
      prepare: async ({ post }) => {
        post(`${server.origin}/first`, { signal: first.signal }).catch(() => undefined);
        await server.whenRequests(1);
      },
      arrived: async () => {
        await turn();
        await turn();
      },
      left: async () => {
        expect(server.requests, 'the call that waited was never sent').to.have.length(1);
        first.abort();
        await server.whenIdle();
      },
    };
  },
};

describe('one deadline over everything', () => {
  for (const [title, make] of Object.entries(places)) {
    it(`ends ${title}`, async () => {
      const clock = manualClock();
      const place = await make();
      try {
        await withClient(
          place.network,
          async (client) => {
            await place.prepare?.(client);
            const failing = client.failure(place.endpoint, { timeoutMs: 250 });
            await place.arrived();
            expect(clock.pending()).to.include(250);
            clock.expireAll();
            const error = await failing;
            expectFailure(error, 'timeout');
            expect(error.message).to.contain('250 ms');
            await place.left();
          },
          { clock, ...place.options },
        );
        expect(clock.pending(), 'no timer is left').to.deep.equal([]);
      } finally {
        await place.close?.();
      }
    });

    it(`lets the caller give up: ${title}`, async () => {
      const clock = manualClock();
      const place = await make();
      const controller = new AbortController();
      const reason = new Error('the caller went home');
      try {
        await withClient(
          place.network,
          async (client) => {
            await place.prepare?.(client);
            const outcome = client
              .post(place.endpoint, { signal: controller.signal })
              .catch((error: unknown) => error);
            await place.arrived();
            controller.abort(reason);
            expect(await outcome).to.equal(reason);
            await place.left();
          },
          { clock, ...place.options },
        );
      } finally {
        await place.close?.();
      }
    });
  }

  it('is a time on the wall, which no byte prolongs', async () => {
    const server = await rawServer((socket) => {
      drip(socket, 'HTTP/1.1 200 OK\r\n\r\n');
    });
    try {
      await withClient({ allow: [server.allow] }, async ({ failure }) => {
        expectFailure(await failure(`${server.origin}/`, { timeoutMs: 100 }), 'timeout');
        await server.whenIdle();
      });
    } finally {
      await server.close();
    }
  });

  it('does not call at all when the caller has given up before', async () => {
    const dial = dialling({});
    await withClient(dial.options, async ({ post }) => {
      const outcome = await post('http://8.8.8.8/', { signal: AbortSignal.abort('no') }).catch(
        (error: unknown) => error,
      );
      expect(outcome).to.equal('no');
      dial.assertNothingWasDialled();
    });
  });

  it('leaves no listener on the signal and no timer behind', async () => {
    const clock = manualClock();
    const server = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...parameters: Parameters<typeof add>) => {
      listeners += 1;
      add(...parameters);
    };
    signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...parameters);
    };
    try {
      await withClient(
        { allow: [server.allow] },
        async ({ post }) => {
          for (let index = 0; index < 20; index += 1) await post(`${server.origin}/`, { signal });
          expect(listeners).to.equal(0);
          expect(clock.pending()).to.deep.equal([]);
        },
        { clock },
      );
    } finally {
      await server.close();
    }
  });
});
