import { expect } from 'chai';
import { connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';

import type { Connect, NameLookup } from '../../src/network/networkPolicyOptions.js';
import { until } from '../support/conditions.js';
import { dialling } from '../support/dialling.js';
import { expectFailure, withClient } from '../support/httpCall.js';
import { manualClock } from '../support/manualClock.js';
import { targetServer } from '../support/targetServer.js';

const name = 'https://hook.example/';

describe('a resolver or dialler of the user', () => {
  const answers: Readonly<Record<string, NameLookup>> = {
    'one address that is called back': (_name, _options, callback) => {
      callback(null, '127.0.0.1', 4);
    },
    'a list of texts': (_name, _options, callback) => {
      callback(null, ['127.0.0.1']);
    },
    'a promise of one address': () => Promise.resolve({ address: '127.0.0.1', family: 4 }),
    'a promise of a list': () => Promise.resolve([{ address: '8.8.8.8', family: 4 }, '127.0.0.1']),
    'a call back of an async function': async (_name, _options, callback) => {
      callback(null, await Promise.resolve('127.0.0.1'));
      return undefined;
    },
  };
  for (const [title, lookup] of Object.entries(answers)) {
    it(`judges ${title}`, async () => {
      const dial = dialling({});
      await withClient({ ...dial.options, lookup }, async ({ failure }) => {
        expectFailure(await failure(name), 'address-refused', 'loopback');
        dial.assertNothingWasDialled();
      });
    });
  }

  it('waits for a dialler that promises a socket, and closes a socket that comes too late', async () => {
    await using server = await targetServer({ body: '{}' });
    const clock = manualClock();
    const sockets: Socket[] = [];
    let dials = 0;
    let open: () => void = () => undefined;
    const connect: Connect = () =>
      new Promise((resolve) => {
        dials += 1;
        open = () => {
          const socket = connectSocket({ host: '127.0.0.1', port: server.port });
          sockets.push(socket);
          resolve(socket);
        };
      });
    await withClient(
      { connect },
      async ({ post, failure }) => {
        const answered = post('http://8.8.8.8/');
        await until(() => dials === 1);
        open();
        expect((await answered).status).to.equal(200);
        const late = failure('http://1.1.1.1/');
        await until(() => dials === 2);
        clock.expireAll();
        expectFailure(await late, 'timeout');
        open();
        await until(() => sockets[1]?.destroyed === true);
        expect(sockets[0]?.destroyed).to.equal(false);
        expect(server.received).to.have.length(1);
      },
      { clock },
    );
  });

  it('survives a resolver that throws and a resolver that answers nonsense', async () => {
    const answers = [
      () => {
        throw new Error('CANARY');
      },
      (callback: (error: null, addresses: never) => void) => {
        callback(null, undefined as never);
      },
      (callback: (error: null, addresses: never) => void) => {
        callback(null, 5 as never);
      },
      (callback: (error: null, addresses: never) => void) => {
        callback(null, [{ address: 5 }] as never);
      },
      (callback: (error: null, addresses: never) => void) => {
        callback(null, [null] as never);
      },
    ];
    for (const answer of answers) {
      const dial = dialling({});
      await withClient(
        {
          ...dial.options,
          lookup: (_name, _options, callback) => {
            answer(callback);
          },
        },
        async ({ failure }) => {
          const error = await failure(name);
          expect(error.reason).to.be.oneOf(['network', 'address-refused']);
          expect(error.message).not.to.contain('CANARY');
          dial.assertNothingWasDialled();
        },
      );
    }
  });

  it('survives a dialler that throws', async () => {
    const dial = dialling({ 'hook.example': ['8.8.8.8'] });
    await withClient(dial.options, async ({ failure }) => {
      expectFailure(await failure('http://hook.example/'), 'network');
      expectFailure(await failure('https://hook.example/'), 'network');
    });
  });

  it('closes a dialled socket that the call no longer needs, because another became idle', async () => {
    const finish: (() => void)[] = [];
    await using server = await targetServer(
      () =>
        new Promise((resolve) => {
          finish.push(() => {
            resolve({ body: '{}' });
          });
        }),
    );
    const sockets: Socket[] = [];
    const open: (() => void)[] = [];
    const connect: Connect = () =>
      new Promise((resolve) => {
        open.push(() => {
          const socket = connectSocket({ host: '127.0.0.1', port: server.port });
          sockets.push(socket);
          resolve(socket);
        });
      });
    await withClient({ connect }, async ({ post }) => {
      const first = post('http://8.8.8.8/first');
      await until(() => open.length === 1);
      open[0]?.();
      await server.whenReceived(1);
      const second = post('http://8.8.8.8/second');
      await until(() => open.length === 2);
      finish[0]?.();
      await first;
      // The pool gets the socket back one turn after the answer.
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      open[1]?.();
      await server.whenReceived(2);
      finish[1]?.();
      expect((await second).status).to.equal(200);
      expect(sockets.map(({ destroyed }) => destroyed)).to.deep.equal([false, true]);
    });
  });
});
