import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Commit, DeadLetter, DeliveryStore, LaneRow, PartitionChange } from '../index.js';
import { readOptions } from '../lib/reading/readOptions.js';
import { runnerOf, runnerOnly } from './contract/globalRunner.js';
import type { ContractRunner } from './contract/harness.js';

/** A delivery store for one test. */
export interface DeliveryStoreUnderTest {
  /** The store to test, empty; the suite closes it. */
  readonly store: DeliveryStore;
  /**
   * Called after the test and after `store.close()`: removes the test's data. Absent where there is none. It never
   * rejects for data that are already gone.
   */
  readonly cleanUp?: () => Promise<void> | void;
}

const lane: LaneRow = {
  instanceID: 'default',
  targetID: 't',
  stream: 'order-1',
  replay: '',
  unit: '',
  head: 3n,
  isDone: false,
  eventID: 'e',
  eventType: 'order.placed',
  created: 1,
  attempts: 2,
  faults: 1,
  firstAt: 1,
  nextAt: 5,
  state: 'waiting',
  status: 500,
  reason: 'status',
};
const letter: DeadLetter = {
  id: 'msg_1',
  partition: 3,
  instanceID: 'default',
  targetID: 't',
  stream: 'order-1',
  version: 2n,
  position: 9n,
  eventID: 'e',
  eventType: 'order.placed',
  attempts: 8,
  firstAt: 1,
  parkedAt: 2,
  status: 400,
  reason: 'status',
  blocks: false,
  isReplaying: false,
};
const nothing: PartitionChange = {
  position: 7n,
  putCursors: [],
  removeCursors: [],
  putLanes: [],
  removeLanes: [],
};

const commitOf = (
  epoch: bigint,
  change: Partial<PartitionChange> = {},
  rest: Partial<Commit> = {},
): Commit => ({
  partition: 3,
  workerID: 'a',
  epoch,
  change: { ...nothing, ...change },
  parked: [],
  removed: [],
  answered: [],
  failures: [],
  ...rest,
});

async function claimed(store: DeliveryStore): Promise<bigint> {
  const claim = await store.claim({ partition: 3, workerID: 'a', epoch: 0n });
  if (!claim) throw new Error('a free partition was not claimed');
  return claim.epoch;
}

type Test = (store: DeliveryStore) => Promise<void>;

const rules: Readonly<Record<string, Test>> = {
  async 'gives a partition to one of two workers that claim it with the same epoch'(store) {
    const claims = await Promise.all(
      ['a', 'b'].map((workerID) => store.claim({ partition: 3, workerID, epoch: 0n })),
    );
    assert.equal(claims.filter((claim) => claim !== undefined).length, 1);
    assert.equal(await store.claim({ partition: 3, workerID: 'c', epoch: 0n }), undefined);
  },
  async 'keeps the content of a commit, and gives it to the next owner'(store) {
    const epoch = await claimed(store);
    const cursor = {
      instanceID: 'default',
      targetID: 't',
      replay: '',
      position: 4n,
      until: null,
      origin: '',
      stop: 'down' as const,
      reason: '',
    };
    assert.equal(await store.commit(commitOf(epoch, { putLanes: [lane], putCursors: [cursor] })), true);
    await store.release({ partition: 3, workerID: 'a', epoch });
    const next = await store.claim({ partition: 3, workerID: 'b', epoch });
    assert.deepEqual(next?.state, { position: 7n, lanes: [lane], cursors: [cursor] });
    assert.deepEqual(await store.state(3), next.state);
  },
  async 'keeps positions of up to 128 bits, and text of any kind and length'(store) {
    const epoch = await claimed(store);
    const position = 2n ** 127n + 1n;
    const stream = `order-\u0000\\0 \\u0041 "é😀" ${'x'.repeat(5_000)}`;
    const hard = { ...lane, stream, eventType: stream, reason: '\\' };
    const cursor = {
      instanceID: 'default',
      targetID: 't',
      replay: 'r',
      position,
      until: position + 1n,
      origin: `${position} ${position}`,
      stop: '' as const,
      reason: stream,
    };
    const parked = { ...letter, stream, position };
    const change = { position, putLanes: [lane, hard], putCursors: [cursor] };
    assert.equal(await store.commit(commitOf(epoch, change, { parked: [parked] })), true);
    const state = await store.state(3);
    assert.equal(state?.position, position);
    assert.equal(isDeepStrictEqual(state.cursors, [cursor]), true);
    const kept = state.lanes.find((row) => row.stream === stream);
    assert.equal(isDeepStrictEqual(kept, hard), true);
    assert.equal(isDeepStrictEqual(await store.deadLetters({ stream, limit: 10 }), [parked]), true);
    await store.commit(
      commitOf(epoch, { position: position + 1n, removeLanes: [hard], removeCursors: [cursor] }),
    );
    assert.deepEqual(await store.state(3), { position: position + 1n, lanes: [lane], cursors: [] });
  },
  async 'keeps nothing of a commit whose lease was lost'(store) {
    const epoch = await claimed(store);
    await store.claim({ partition: 3, workerID: 'b', epoch });
    assert.equal(await store.commit(commitOf(epoch, { putLanes: [lane] })), false);
    assert.deepEqual((await store.state(3))?.lanes ?? [], []);
  },
  async 'removes lanes and cursors by their keys'(store) {
    const epoch = await claimed(store);
    await store.commit(commitOf(epoch, { putLanes: [lane] }));
    await store.commit(commitOf(epoch, { position: 8n, removeLanes: [lane] }));
    assert.deepEqual(await store.state(3), { position: 8n, lanes: [], cursors: [] });
  },
  async 'writes nothing twice where a commit is repeated'(store) {
    const epoch = await claimed(store);
    const commit = commitOf(epoch, { putLanes: [lane] }, { parked: [letter] });
    assert.deepEqual([await store.commit(commit), await store.commit(commit)], [true, true]);
    assert.deepEqual(await store.deadLetters({ limit: 10 }), [letter]);
  },
  async 'lists dead letters in the order of their ids, page by page, and counts them'(store) {
    const epoch = await claimed(store);
    const parked = ['msg_3', 'msg_1', 'msg_2'].map((id) => ({ ...letter, id }));
    await store.commit(commitOf(epoch, {}, { parked }));
    const first = await store.deadLetters({ targetID: 't', limit: 2 });
    assert.deepEqual(
      first.map(({ id }) => id),
      ['msg_1', 'msg_2'],
    );
    assert.deepEqual(
      (await store.deadLetters({ after: 'msg_2', limit: 2 })).map(({ id }) => id),
      ['msg_3'],
    );
    assert.deepEqual(await store.deadLetters({ targetID: 'other', limit: 2 }), []);
    assert.equal((await store.deadLetterCounts()).get('default t'), 3);
    await store.commit(commitOf(epoch, {}, { removed: ['msg_2'] }));
    assert.equal(await store.deadLetter('msg_2'), undefined);
    assert.deepEqual(await store.deadLetter('msg_3'), { ...letter, id: 'msg_3' });
  },
  async 'keeps requests until a commit answers them'(store) {
    const epoch = await claimed(store);
    const request = {
      id: 'r',
      partition: 3,
      kind: 'replayPeriod',
      instanceID: 'i',
      targetID: 't',
      from: 1n,
      to: 2n,
    } as const;
    await store.request(request);
    await store.request(request);
    assert.deepEqual(await store.requests(3), [request]);
    assert.deepEqual(await store.requests(4), []);
    await store.commit(commitOf(epoch, {}, { answered: ['r'] }));
    assert.deepEqual(await store.requests(3), []);
  },
  async 'lists the workers with their last beats'(store) {
    const worker = { id: 'a', host: 'h', process: 1, started: '2', beat: 1 };
    await store.beat(worker);
    await store.beat({ ...worker, beat: 2 });
    assert.deepEqual(await store.workers(), [{ ...worker, beat: 2 }]);
    await store.leave('a');
    assert.deepEqual(await store.workers(), []);
  },
  async 'lists the owner of each partition'(store) {
    const epoch = await claimed(store);
    assert.deepEqual(await store.partitions(), [{ partition: 3, owner: 'a', epoch }]);
    await store.release({ partition: 3, workerID: 'a', epoch });
    assert.deepEqual(await store.partitions(), [{ partition: 3, owner: undefined, epoch }]);
  },
};

/**
 * Defines the tests that every {@link DeliveryStore} passes. Runs in mocha, jest and vitest, as `eventStoreContract` does.
 *
 * @param open - opens an empty store for one test
 */
export function deliveryStoreContract(
  name: string,
  open: () => DeliveryStoreUnderTest | Promise<DeliveryStoreUnderTest>,
  options: { readonly runner?: ContractRunner } = {},
): void {
  const suite = 'deliveryStoreContract';
  const { describe, it } = runnerOf({ suite, name, open, ...readOptions(options, runnerOnly, suite) });
  describe(`${name} as a delivery store`, () => {
    for (const [title, test] of Object.entries(rules))
      it(title, async () => {
        const { store, cleanUp } = await open();
        try {
          await test(store);
        } finally {
          await store.close();
          await cleanUp?.();
        }
      });
  });
}
