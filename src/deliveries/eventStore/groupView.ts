import { EventStoreUnavailableError } from '../../errors.js';
import { pause, systemClock } from '../../lib/clock.js';
import type { EventStore, RecordedEvent } from '../../ports.js';
import { decodeObject } from '../store/codec.js';
import type { DeadLetter, DeliveryRequest, PartitionLease, WorkerBeat } from '../store/deliveryStore.js';
import type { GroupStreams } from './groupStreams.js';

/** The state that the streams of a group fold to. It is read once, then follows a subscription. */
export interface GroupView {
  readonly workers: ReadonlyMap<string, WorkerBeat>;
  readonly leases: ReadonlyMap<number, PartitionLease>;
  readonly letters: ReadonlyMap<string, DeadLetter>;
  readonly requests: ReadonlyMap<string, DeliveryRequest>;
  /** Resolves once the view holds this process's appends up to a position. Rejects after a time-out. */
  upTo(position: bigint | undefined): Promise<void>;
  close(): Promise<void>;
}

/** The members of a partition's event that the view reads: not the rows of a commit, its largest part. */
interface PartitionEvent {
  readonly owner?: string;
  readonly epoch?: unknown;
  readonly removed?: readonly string[];
}

const waitMs = 10_000;
const againMs = 500;

export function followGroup(store: EventStore, streams: GroupStreams): GroupView {
  const clock = systemClock();
  const workers = new Map<string, WorkerBeat>();
  const leases = new Map<number, PartitionLease>();
  const letters = new Map<string, DeadLetter>();
  const requests = new Map<string, DeliveryRequest>();
  const answered = new Set<string>();
  const closing = new AbortController();
  let position: bigint | undefined;
  let isComplete = false;
  let waiting: (() => void)[] = [];

  function applyPartition(number: number, { type, data }: RecordedEvent): void {
    const known = leases.get(number);
    const { owner, epoch: digits, removed = [] } = data as PartitionEvent;
    const epoch = (decodeObject(digits) as bigint | undefined) ?? 0n;
    if (type === 'partition.claimed' && owner !== undefined)
      leases.set(number, { partition: number, owner, epoch });
    else if (type === 'partition.released')
      leases.set(number, { partition: number, owner: undefined, epoch: known?.epoch ?? 0n });
    // The events before a snapshot may have been truncated.
    else if (type === 'partition.snapshot' && !known) leases.set(number, { partition: number, owner, epoch });
    for (const id of removed) letters.delete(id);
  }

  function apply(event: RecordedEvent): void {
    const place = streams.read(event.stream);
    if (!place) return;
    const { kind, id } = place;
    const { type, data } = event;
    if (kind === 'partition') applyPartition(Number(id), event);
    else if (kind === 'worker') {
      if (type === 'worker.beat') workers.set(id, data as unknown as WorkerBeat);
      else workers.delete(id);
    } else if (kind === 'deadLetter') {
      if (type === 'deadLetter.parked') letters.set(id, decodeObject(data) as DeadLetter);
      else letters.delete(id);
    } else if (type === 'request.made') {
      const request = decodeObject(data) as DeliveryRequest;
      if (!answered.has(request.id)) requests.set(request.id, request);
    } else {
      const { request } = data as { request: string };
      answered.add(request);
      requests.delete(request);
    }
  }

  async function followOnce(): Promise<void> {
    const after = position === undefined ? {} : { after: position };
    for await (const message of store.subscribe({
      ...after,
      prefixes: streams.prefixes,
      signal: closing.signal,
    })) {
      if ('stream' in message) {
        apply(message);
        ({ position } = message);
      } else if ('caughtUp' in message) isComplete = true;
      const woken = waiting;
      waiting = [];
      for (const wake of woken) wake();
    }
  }

  async function follow(): Promise<void> {
    while (!closing.signal.aborted) {
      await followOnce().catch(() => undefined);
      await pause(clock, againMs, closing.signal);
    }
  }
  const following = follow();

  return {
    workers,
    leases,
    letters,
    requests,
    async upTo(wanted) {
      const end = clock.elapsed() + waitMs;
      const isThere = () =>
        isComplete && (wanted === undefined || (position !== undefined && position >= wanted));
      while (!isThere()) {
        if (closing.signal.aborted || clock.elapsed() > end)
          throw new EventStoreUnavailableError(
            `the streams of the deliveries could not be read to their end within ${waitMs} ms; try again`,
          );
        await new Promise<void>((resolve) => {
          const cancel = clock.after(againMs, resolve);
          waiting.push(() => {
            cancel();
            resolve();
          });
        });
      }
    },
    async close() {
      closing.abort();
      await following;
    },
  };
}
