import { expect } from 'chai';
import { createActions, memoryEventStore } from '../../src/index.js';
import { indexStoreKey, type GivenIndexStore } from '../../src/routing/givenIndexStore.js';
import { memoryIndexStore } from '../../src/routing/indexStore.js';
import { rejection } from '../support/openActions.js';

const foreign: Readonly<Record<string, readonly [indexStore: unknown, says: string]>> = {
  'an index store in memory, which has no handle': [memoryIndexStore(), 'sqliteIndexStore'],
  'an empty object': [{}, 'sqliteIndexStore'],
  null: [null, 'must not be null: give a value, or leave it out'],
  'the path of a file': ['index.db', 'sqliteIndexStore'],
  'one of another version': [
    { [indexStoreKey]: { version: 2, store: memoryIndexStore() } },
    'another version',
  ],
};

describe('an index store given to createActions', () => {
  for (const [what, [indexStore, says]] of Object.entries(foreign))
    it(`is refused with a typed error before a file is opened: ${what}`, async () => {
      const eventStore = memoryEventStore();
      let subscriptions = 0;
      const subscribe: typeof eventStore.subscribe = (options) => {
        subscriptions++;
        return eventStore.subscribe(options);
      };
      const options = { eventStore: { ...eventStore, subscribe }, indexStore: indexStore as GivenIndexStore };
      const error = await rejection(createActions(options));
      expect(error).to.have.property('code', 'INVALID_ARGUMENT');
      expect(error).to.have.property('message').that.contains(says);
      expect(subscriptions).to.equal(0);
    });
});
