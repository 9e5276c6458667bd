import { expect } from 'chai';
import { indexStoreOf } from '../../../src/routing/givenIndexStore.js';
import { memoryIndexStore } from '../../../src/routing/indexStore.js';
import type { IndexStore } from '../../../src/routing/indexStore.js';
import type { RecordedEvent } from '../../../src/ports.js';
import { sqliteIndexStore } from '../../../src/stores/sqliteIndex/sqliteIndexStore.js';
import { closeAfterTest } from '../../support/closings.js';
import { freshPath, nextTurn, open } from './openIndex.js';

const long = 'x'.repeat(5_000);
/** Every hundredth has a problem in each of 50 fields, the others in one: names of 5 kB are slow to make. */
const fieldsOf = (place: number): number => (place % 100 === 1 ? 50 : 1);
const malformed = (place: number): RecordedEvent => ({
  stream: `actions.target-default.${place}${long}`,
  version: 0n,
  position: BigInt(place),
  id: '5f0d5a3e-55fd-4e4c-8c59-2f9a1f0d7c11',
  type: 'target.added',
  data: Object.fromEntries(
    Array.from({ length: fieldsOf(place) }, (_, field) => [`${field}${long}`, 'secret']),
  ),
  metadata: {},
  created: new Date(0),
});

/** Each index gets more failures than it may keep. */
const stores: Readonly<Record<string, () => Promise<IndexStore>>> = {
  memory: async () => memoryIndexStore(),
  async SQLite() {
    const path = freshPath();
    open(path);
    await nextTurn();
    const store = sqliteIndexStore({ path });
    closeAfterTest(() => store.close());
    return indexStoreOf(store);
  },
};

describe('failed events', () => {
  for (const [kind, make] of Object.entries(stores))
    it(`are kept up to 1 000, the first ones, each cut short: in ${kind}`, async () => {
      const { current } = await make();
      for (let place = 1; place <= 1_500; place++) current.apply(malformed(place), true);
      const { failedEvents } = current;
      expect(failedEvents.length).to.equal(1_000);
      expect(failedEvents.at(-1)?.position).to.equal(1_000n);
      expect(current.position).to.equal(1_500n);
      for (const { stream, type, reason } of failedEvents) {
        expect(Math.max(stream.length, type.length, reason.length)).to.be.at.most(1_000);
        expect(reason).not.to.contain('secret');
      }
    });
});
