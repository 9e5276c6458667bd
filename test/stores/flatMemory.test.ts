import { expect } from 'chai';
import type { EventStore } from '../../src/ports.js';
import { heldBytes, holdsAtMost } from '../support/memory.js';
import { openKind, storeKinds } from '../support/openActions.js';
import type { OpenedStore } from '../support/onlyStoreKind.js';

/** Some 50 MB of data in events of 5 kB: memory is bounded in bytes for events of any size. */
const events = 10_000;
const text = 'x'.repeat(5_000);
const eventsInPage = 200;
const megabyte = 1_048_576;
/** All events take well over 50 MB once they are parsed. `pg` keeps a page of 4 MB in three forms. */
const allowedBytesOf = (storeKind: string): number => (storeKind === 'sqlite' ? 12 : 24) * megabyte;

for (const storeKind of storeKinds.filter((kind) => kind !== 'memory'))
  describe(`10 000 events in ${storeKind}`, () => {
    const allowedBytes = allowedBytesOf(storeKind);
    let opened: OpenedStore;
    let store: EventStore;

    before(async () => {
      opened = await openKind(storeKind);
      ({ store } = opened);
      const page = Array.from({ length: eventsInPage }, (_, n) => ({ type: 'e', data: { n, text } }));
      for (let written = 0; written < events; written += page.length) await store.append('long-1', page);
    });

    after(async () => {
      await opened.close();
    });

    /** Expects `read` to call its argument for each event, and to hold no more than a part of them. */
    async function expectFlat(read: (sample: () => Promise<void>) => Promise<number>): Promise<void> {
      const most = heldBytes() + allowedBytes;
      let count = 0;
      const sample = async () => {
        count += 1;
        if (count % 3_000 === 0) expect(await holdsAtMost(most), `after ${count} events`).to.equal(true);
      };
      expect(await read(sample)).to.equal(events);
    }

    async function readAll(
      sample: () => Promise<void>,
      options: Parameters<EventStore['readStream']>[1],
    ): Promise<number> {
      let count = 0;
      for await (const event of store.readStream('long-1', options)) {
        count += Number(event.type === 'e');
        await sample();
      }
      return count;
    }

    for (const direction of ['forwards', 'backwards'] as const)
      it(`is read ${direction} in flat memory`, async () => {
        await expectFlat((sample) => readAll(sample, { direction }));
      });

    it('is subscribed to in flat memory', async () => {
      await expectFlat(async (sample) => {
        let count = 0;
        for await (const message of store.subscribe({
          prefixes: ['long-'],
          signal: new AbortController().signal,
        })) {
          if ('caughtUp' in message) break;
          count += 1;
          await sample();
        }
        return count;
      });
    });

    it('keeps no backlog for a consumer that stops reading', async () => {
      const after = (await store.head?.()) ?? 0n;
      const subscription = store.subscribe({
        after,
        prefixes: ['slow-'],
        signal: new AbortController().signal,
      });
      const iterator = subscription[Symbol.asyncIterator]();
      expect((await iterator.next()).value).to.have.property('caughtUp', true);
      const page = Array.from({ length: eventsInPage }, () => ({ type: 'e', data: text }));
      const written = 8_000;
      const most = heldBytes() + allowedBytes;
      for (let all = 0; all < written; all += page.length) await store.append('slow-1', page);
      expect(await holdsAtMost(most)).to.equal(true);
      for (let version = 0n; version < BigInt(written); version += 1n)
        expect((await iterator.next()).value).to.have.property('version', version);
      await iterator.return?.();
    });

    it('is passed over in a few steps by a subscription to other streams', async () => {
      await store.append('rare-1', [{ type: 'e', data: {} }]);
      for (const prefixes of [['rare-'], ['missing-'], ['long-2']]) {
        let news = 0;
        for await (const message of store.subscribe({ prefixes, signal: new AbortController().signal })) {
          if ('caughtUp' in message) break;
          if ('stream' in message) expect(message.stream).to.equal('rare-1');
          else news += 1;
        }
        expect(news).to.be.at.most(10);
      }
    });

    it('reads events of a megabyte one at a time', async () => {
      const large = { type: 'e', data: 'x'.repeat(megabyte) };
      const all = 90;
      for (let round = 0; round < all; round += 1) await store.append('large-1', [large]);
      // The buffers of a socket that hold one page are freed later than the page: up to 18 MB were seen with `pg`.
      const most = heldBytes() + (storeKind === 'sqlite' ? allowedBytes : (all / 2) * megabyte);
      for await (const event of store.readStream('large-1')) {
        expect(event.data).to.have.lengthOf(megabyte);
        // Look at a few events only: a collection of the whole heap takes long beside other suites.
        if (event.version % 30n === 15n) expect(await holdsAtMost(most)).to.equal(true);
      }
    });
  });
