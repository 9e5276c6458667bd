import axios from 'axios';
import { Socket } from 'node:net';

import type { HttpClientOptions } from '../../../src/firing/transport/httpTarget.js';
import type { NetworkPolicyOptions } from '../../../src/network/networkPolicyOptions.js';
import { until } from '../../support/conditions.js';
import { dialling } from '../../support/dialling.js';
import type { TestClient } from '../../support/httpCall.js';
import { rawServer } from '../../support/rawServer.js';
import type { RawServer } from '../../support/rawServer.js';

/** A step at which a call can hang, and a promise that the call has reached it. */
interface Place {
  readonly endpoint: string;
  readonly network: NetworkPolicyOptions;
  readonly options?: Pick<HttpClientOptions, 'axios' | 'proxy'>;
  readonly arrived: () => Promise<void>;
  /** Runs before the tested call. */
  readonly prepare?: (client: TestClient) => Promise<unknown>;
  readonly left: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

export const drip = (socket: Socket, text: string) => {
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

const dripping = async (text: string): Promise<Place> =>
  at(
    await rawServer((socket) => {
      drip(socket, text);
    }),
  );

export const hangingPlaces: Readonly<Record<string, () => Promise<Place>>> = {
  'a server that accepts and never answers': async () => at(await rawServer(() => undefined)),
  'a server that drips its headers': () => dripping('HTTP/1.1 200 OK\r\nx: '),
  'a server that drips its body': () => dripping('HTTP/1.1 200 OK\r\n\r\n'),
  'a server that drips the body of a failure': () => dripping('HTTP/1.1 500 x\r\n\r\n'),
  'a server that drips one chunk': () =>
    dripping('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffff\r\n'),
  'a server that sends early hints and no answer': async () =>
    at(
      await rawServer((socket) => {
        socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(3));
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
};
