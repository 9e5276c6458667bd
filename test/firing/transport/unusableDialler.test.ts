import { expect } from 'chai';
import { createActions, isActionsError, memoryEventStore } from '../../../src/index.js';
import { closeAfterTest } from '../../support/closings.js';
import { rejection } from '../../support/openActions.js';
import { targetServer } from '../../support/targetServer.js';

/** Results of a dialler that refuses without an error, or is faulty. */
const given: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  'a plain object': () => ({}),
  'an object with some of the methods of a socket': () => ({ on() {}, once() {}, destroy() {} }),
  'a text': () => 'socket',
  'a promise of undefined': () => Promise.resolve(undefined),
  'a promise of a plain object': () => Promise.resolve({}),
  'a promise that rejects': () => Promise.reject(new Error('not today')),
  'an object whose then throws': () => ({
    then() {
      throw new Error('not today');
    },
  }),
};

describe('a dialler of the user that gives no open socket', () => {
  for (const [what, connect] of Object.entries(given))
    it(`is a network failure, and no other address is dialled: ${what}`, async () => {
      const server = await targetServer();
      closeAfterTest(() => server.close());
      const eventStore = memoryEventStore();
      let asked = 0;
      const actions = await createActions({
        eventStore,
        keyring: 'plaintext',
        network: {
          allow: [server.allow],
          connect: (() => {
            asked += 1;
            return connect();
          }) as never,
        },
      });
      const { id } = await actions.targets.add({
        name: 'policy',
        type: 'webhook',
        endpoint: server.url(),
        interruptOnError: true,
      });
      await actions.executions.set({ event: { all: true } }, [id]);
      const event = [{ type: 'order.placed', data: {} }];
      const error = await rejection(actions.intercept(eventStore).append('order-1', event));
      expect(isActionsError(error, 'TARGET_INTERRUPTED') && error.reason).to.equal('network');
      expect(asked).to.be.at.least(1);
      expect(server.connections()).to.equal(0);
      await actions.close();
    });
});
