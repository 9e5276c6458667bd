import { expect } from 'chai';

import { dialling } from '../../support/dialling.js';
import { expectFailure, withClient } from '../../support/httpCall.js';
import { manualClock } from '../../support/manualClock.js';
import { rawServer } from '../../support/rawServer.js';
import { drip, hangingPlaces } from './hangingPlaces.js';

describe('the deadline of a call', () => {
  for (const [title, make] of Object.entries(hangingPlaces)) {
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

  it('is a fixed time that no received byte extends', async () => {
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
