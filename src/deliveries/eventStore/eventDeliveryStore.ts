import { InvalidArgumentError } from '../../errors.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireFunctions } from '../../lib/reading/reading.js';
import type { EventStore, ExpectedVersion } from '../../ports.js';
import { encode } from '../store/codec.js';
import type { Commit, DeliveryStore, Lease, PartitionState } from '../store/deliveryStore.js';
import { applyChange } from '../store/keys.js';
import { countLetters, selectLetters } from '../store/letters.js';
import { groupLog, newEvent, type ExactAppend } from './groupLog.js';
import { loadPartition } from './partitionStream.js';
import { streamsOf } from './streams.js';

/** How progress is kept in an event store. */
export interface EventDeliveryStoreOptions {
  /** Names the workers that share the work: one name for each independent set of deliveries. 1 to 64 letters, digits, _ or -. */
  readonly group: string;
}

/** A partition that this process owns. */
const optionNames: OptionNames<EventDeliveryStoreOptions> = { group: true };

interface Owned {
  readonly epoch: bigint;
  readonly workerID: string;
  expected: ExpectedVersion;
  state: PartitionState | undefined;
  appends: number;
}

const appendsBetweenSnapshots = 100;
/** A snapshot is left out where it could be larger than a server takes. Bytes. */
const mostSnapshotBytes = 900_000;

function takeGroup(store: EventStore, options: EventDeliveryStoreOptions): string {
  requireFunctions(
    store,
    ['append', 'readStream', 'subscribe'],
    'the store is an event store; nothing was called or written',
  );
  const { group } = readOptions(options, optionNames, 'eventDeliveryStore');
  if (typeof group === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(group)) return group;
  throw new InvalidArgumentError('group is a name of 1 to 64 letters, digits, _ or -');
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
  const owned = new Map<number, Owned>();
  const prepared = new WeakMap<Commit, ExactAppend>();
  const log = groupLog(store, streams);
  const { append, appendExactly, seen, setMetadata } = log;

  async function snapshot(number: number, mine: Owned): Promise<void> {
    const { state = null, epoch, workerID, expected } = mine;
    const data = { owner: workerID, epoch, state };
    if (encode(data).length > mostSnapshotBytes) return;
    const stream = streams.partition(number);
    const version = await appendExactly(stream, { events: [newEvent('partition.snapshot', data)], expected });
    if (version === undefined) return;
    mine.expected = version;
    mine.appends = 0;
    if (version <= BigInt(Number.MAX_SAFE_INTEGER)) await setMetadata(stream, { $tb: Number(version) });
  }

  const mineOf = ({ partition, workerID, epoch }: Lease): Owned | undefined => {
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
    const { partition, change, removed, answered } = given;
    // Before the commit that counts on them: parking twice is the same as once.
    await writeLetters(given);
    let ready = prepared.get(given);
    if (!ready) {
      ready = { events: [newEvent('partition.advanced', { change, removed })], expected: mine.expected };
      prepared.set(given, ready);
    }
    const version = await appendExactly(streams.partition(partition), ready);
    if (version === undefined) {
      owned.delete(partition);
      return false;
    }
    mine.expected = version;
    mine.state = applyChange(mine.state, change);
    mine.appends++;
    for (const id of removed)
      await append(streams.deadLetter(id), [newEvent('deadLetter.removed', {})], 'any');
    for (const request of answered)
      await append(streams.request(partition), [newEvent('request.answered', { request })], 'any');
    if (mine.appends >= appendsBetweenSnapshots) await snapshot(partition, mine);
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
      const { state } = loaded;
      owned.set(partition, { epoch: next, workerID, expected: version, state, appends: 0 });
      return { epoch: next, state };
    },
    commit,
    async release(lease) {
      const mine = mineOf(lease);
      if (!mine) return;
      const events = [newEvent('partition.released', {})];
      await appendExactly(streams.partition(lease.partition), { events, expected: mine.expected });
      owned.delete(lease.partition);
    },
    async state(partition) {
      return (await loadPartition(store, streams.partition(partition))).state;
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
