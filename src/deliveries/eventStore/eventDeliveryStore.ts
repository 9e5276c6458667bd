import { InvalidArgumentError } from '../../errors.js';
import { checkedStore } from '../../events/contract/checkedStore.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireFunctions } from '../../lib/reading/reading.js';
import type { EventStore } from '../../ports.js';
import type { Commit, DeliveryStore, Lease } from '../store/deliveryStore.js';
import { countLetters, selectLetters } from '../store/letters.js';
import { groupLog, newEvent } from './groupLog.js';
import { OwnedPartition } from './ownedPartition.js';
import { loadPartition } from './partitionStream.js';
import { streamsOf } from './groupStreams.js';
import { shownValue } from '../../lib/reading/shownValue.js';

/** How progress is kept in an event store. */
export interface EventDeliveryStoreOptions {
  /** Names the workers that share the work: one name for each independent set of deliveries. 1 to 64 letters, digits, _ or -. */
  readonly group: string;
}

const optionNames: OptionNames<EventDeliveryStoreOptions> = { group: true };

function takeGroup(store: EventStore, options: EventDeliveryStoreOptions): string {
  requireFunctions(store, ['append', 'readStream', 'subscribe'], 'eventDeliveryStore takes an event store');
  const { group } = readOptions(options, optionNames, 'eventDeliveryStore');
  if (typeof group === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(group)) return group;
  throw new InvalidArgumentError(
    `group is a name of 1 to 64 letters, digits, _ or -, not ${shownValue(group)}; nothing was called or written`,
  );
}

/**
 * Keeps the progress of durable delivery in streams of an event store: `actions.delivery-<group>.<partition>` and three more.
 * For EventStoreDB, where several machines share the work. One append a partition and second at the most.
 *
 * @throws {@link InvalidArgumentError} for a group that is malformed
 */
export function eventDeliveryStore(store: EventStore, options: EventDeliveryStoreOptions): DeliveryStore {
  const group = takeGroup(store, options);
  const streams = streamsOf(group);
  const owned = new Map<number, OwnedPartition>();
  const log = groupLog(checkedStore(store), streams);
  const { append, appendExactly, seen, setMetadata } = log;

  const mineOf = ({ partition, workerID, epoch }: Lease): OwnedPartition | undefined => {
    const mine = owned.get(partition);
    return mine?.epoch === epoch && mine.workerID === workerID ? mine : undefined;
  };

  async function writeLetters({ parked }: Commit): Promise<void> {
    for (const letter of parked)
      await append(streams.deadLetter(letter.id), [newEvent('deadLetter.parked', letter)], 'any');
  }

  async function commit(given: Commit): Promise<boolean> {
    const mine = mineOf(given);
    if (!mine) return false;
    const { partition, removed, answered } = given;
    // Write the dead letters before the commit that counts on them: writing one twice has the effect of one write.
    await writeLetters(given);
    if (!(await mine.advance(given))) {
      owned.delete(partition);
      return false;
    }
    for (const id of removed)
      await append(streams.deadLetter(id), [newEvent('deadLetter.removed', {})], 'any');
    for (const request of answered)
      await append(streams.request(partition), [newEvent('request.answered', { request })], 'any');
    await mine.snapshotIfDue();
    return true;
  }

  return {
    timing: { commitMs: 1_000, leaseMs: 30_000 },
    async partitions() {
      return [...(await seen()).leases.values()];
    },
    async workers() {
      return [...(await seen()).workers.values()];
    },
    async beat(worker) {
      const stream = streams.worker(worker.id);
      if (worker.beat === 1) await setMetadata(stream, { $maxCount: 1 });
      await append(stream, [newEvent('worker.beat', worker)], 'any');
    },
    async leave(workerID) {
      await append(streams.worker(workerID), [newEvent('worker.left', {})], 'any');
    },
    async claim({ partition, workerID, epoch }) {
      const stream = streams.partition(partition);
      const loaded = await loadPartition(store, stream);
      if (loaded.epoch !== epoch) return undefined;
      const next = epoch + 1n;
      const claimed = {
        events: [newEvent('partition.claimed', { owner: workerID, epoch: next })],
        expected: loaded.expected,
      };
      const version = await appendExactly(stream, claimed);
      if (version === undefined) return undefined;
      const { frontier } = loaded;
      const state = frontier?.state();
      owned.set(partition, new OwnedPartition(log, { stream, epoch: next, workerID, version, frontier }));
      return { epoch: next, state };
    },
    commit,
    async release(lease) {
      const mine = mineOf(lease);
      if (!mine) return;
      await mine.release();
      owned.delete(lease.partition);
    },
    async state(partition) {
      return (await loadPartition(store, streams.partition(partition))).frontier?.state();
    },
    async deadLetters(query) {
      return selectLetters((await seen()).letters.values(), query);
    },
    async deadLetter(id) {
      return (await seen()).letters.get(id);
    },
    async deadLetterCounts() {
      return countLetters((await seen()).letters.values());
    },
    async request(request) {
      const known = await seen();
      if (!known.requests.has(request.id))
        await append(streams.request(request.partition), [newEvent('request.made', request)], 'any');
    },
    async requests(partition) {
      return [...(await seen()).requests.values()].filter((request) => request.partition === partition);
    },
    async close() {
      await log.close();
    },
  };
}
