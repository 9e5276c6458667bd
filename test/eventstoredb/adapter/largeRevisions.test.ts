import { expect } from 'chai';
import { isActionsError } from '../../../src/errors.js';
import { openRemoteStore, remoteStoreKinds } from './openRemoteStore.js';

/** EventStoreDB takes revisions above 2^63 for marks of its own: 2^64 - 1 is "no stream" to it. */
for (const kind of remoteStoreKinds)
  describe(`a version that no stream can have (${kind})`, () => {
    for (const version of [2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n])
      it(`${version} is a conflict, and reads nothing`, async () => {
        const { store, close } = await openRemoteStore(kind);
        try {
          for (const stream of ['order-1', 'order-2']) {
            if (stream === 'order-2') await store.append(stream, [{ type: 'order.placed', data: {} }]);
            const events = [{ type: 'order.placed', data: {} }];
            const answer: unknown = await store
              .append(stream, events, { expectedVersion: version })
              .catch((error: unknown) => error);
            expect(isActionsError(answer, 'CONCURRENCY_CONFLICT'), stream).to.equal(true);
            for await (const event of store.readStream(stream, { from: version })) expect.fail(event.id);
          }
        } finally {
          await close();
        }
      });
  });
