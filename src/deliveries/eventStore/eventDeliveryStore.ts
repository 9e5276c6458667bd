import { randomUUID } from 'node:crypto';
import { InvalidArgumentError, isActionsError } from '../../errors.js';
import type { EventData, EventStore, ExpectedVersion } from '../../ports.js';
import { encode, encodeObject } from '../store/codec.js';
import type { Commit, DeliveryStore, Lease, PartitionState } from '../store/deliveryStore.js';
import { applyChange } from '../store/keys.js';
import { countLetters, selectLetters } from '../store/letters.js';
import { followGroup } from './groupView.js';
import { loadPartition, streamMetadata } from './partitionStream.js';
import { streamsOf } from './streams.js';

/** How progress is kept in an event store. */
export interface EventDeliveryStoreOptions {
  /** Names the workers that share the work: one name for each independent set of deliveries. 1 to 64 letters, digits, _ or -. */
  readonly group: string;
}

/** A partition that this process owns. */
interface Owned {
  readonly epoch: bigint;
  readonly workerID: string;
  expected: ExpectedVersion;
  state: PartitionState | undefined;
  appends: number;
}

/** What a commit appends, kept for as long as it may have to be repeated. */
interface Prepared {
  readonly events: readonly EventData[];
  readonly expected: ExpectedVersion;
}

const appendsBetweenSnapshots = 100;
/** A snapshot is left out where it could be larger than a server takes. Bytes. */
const mostSnapshotBytes = 900_000;

/**
 * Keeps the progress of durable delivery in streams of an event store: `actions.delivery-<group>.<partition>` and three more.
 * For EventStoreDB, where several machines share the work. One append a partition and second at the most.
 *
 * @throws {@link InvalidArgumentError} for a group that is malformed
 */
export function eventDeliveryStore(store: EventStore, { group }: EventDeliveryStoreOptions): DeliveryStore {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(group))
    throw new InvalidArgumentError('group is a name of 1 to 64 letters, digits, _ or -');
  const streams = streamsOf(group);
  const owned = new Map<number, Owned>();
  const prepared = new WeakMap<Commit, Prepared>();
  let view: ReturnType<typeof followGroup> | undefined;
  let written: bigint | undefined;

  async function seen() {
    view ??= followGroup(store, streams);
    await view.upTo(written);
    return view;
  }

  function noteWritten(position: bigint | undefined): void {
    if (position !== undefined && (written === undefined || position > written)) written = position;
  }

  async function append(stream: string, events: readonly EventData[], expectedVersion: ExpectedVersion) {
    const result = await store.append(stream, events, { expectedVersion });
    noteWritten(result.position);
    return result.version;
  }

  const event = (type: string, data: object): EventData => ({
    id: randomUUID(),
    type,
    data: encodeObject(data),
  });

  /** Whether an append that met a conflict is there after all: an earlier try of it was kept. */
  async function isKept(stream: string, events: readonly EventData[]): Promise<boolean> {
    const ids = new Set(events.map(({ id }) => id));
    for await (const { id } of store.readStream(stream, { direction: 'backwards', limit: 1 }))
      return ids.has(id);
    return false;
  }

  /** Exactly after what was read: `undefined` where another worker was there. */
  async function appendExactly(stream: string, { events, expected }: Prepared): Promise<bigint | undefined> {
    try {
      return await append(stream, events, expected);
    } catch (error) {
      if (!isActionsError(error, 'CONCURRENCY_CONFLICT')) throw error;
      if (!(await isKept(stream, events))) return undefined;
      const { expected: last } = await loadPartition(store, stream);
      return typeof last === 'bigint' ? last : undefined;
    }
  }

  /** Metadata of streams is a matter of servers: stores in this process keep everything. */
  async function setMetadata(stream: string, data: EventData['data']): Promise<void> {
    if (store.local) return;
    const [metastream, metadata] = streamMetadata(stream, data);
    // Not noted as written: nobody reads it back.
    await store.append(metastream, [metadata], { expectedVersion: 'any' }).catch(() => undefined);
  }

  async function snapshot(number: number, mine: Owned): Promise<void> {
    const { state = null, epoch, workerID, expected } = mine;
    const data = { owner: workerID, epoch, state };
    if (encode(data).length > mostSnapshotBytes) return;
    const stream = streams.partition(number);
    const version = await appendExactly(stream, { events: [event('partition.snapshot', data)], expected });
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
      await append(streams.deadLetter(letter.id), [event('deadLetter.parked', letter)], 'any');
  }

  async function commit(given: Commit): Promise<boolean> {
    const mine = mineOf(given);
    if (!mine) return false;
    const { partition, change, removed, answered } = given;
    // Before the commit that counts on them: parking twice is the same as once.
    await writeLetters(given);
    let ready = prepared.get(given);
    if (!ready) {
      ready = { events: [event('partition.advanced', { change, removed })], expected: mine.expected };
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
    for (const id of removed) await append(streams.deadLetter(id), [event('deadLetter.removed', {})], 'any');
    for (const request of answered)
      await append(streams.request(partition), [event('request.answered', { request })], 'any');
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
      await append(stream, [event('worker.beat', worker)], 'any');
    },
    async leave(workerID) {
      await append(streams.worker(workerID), [event('worker.left', {})], 'any');
    },
    async claim({ partition, workerID, epoch }) {
      const stream = streams.partition(partition);
      const loaded = await loadPartition(store, stream);
      if (loaded.epoch !== epoch) return undefined;
      const next = epoch + 1n;
      const claimed = {
        events: [event('partition.claimed', { owner: workerID, epoch: next })],
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
      const events = [event('partition.released', {})];
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
        await append(streams.request(request.partition), [event('request.made', request)], 'any');
    },
    async requests(partition) {
      return [...(await seen()).requests.values()].filter((request) => request.partition === partition);
    },
    async close() {
      await view?.close();
    },
  };
}
