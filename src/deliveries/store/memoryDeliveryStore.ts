import {
  type DeadLetter,
  type DeliveryRequest,
  type DeliveryStore,
  type Lease,
  type WorkerBeat,
} from './deliveryStore.js';
import { Frontier } from './frontier.js';
import { countLetters, selectLetters } from './letters.js';

interface Held {
  owner: string | undefined;
  epoch: bigint;
  frontier: Frontier | undefined;
}

/** Keeps progress in the memory of this process, for tests: the progress ends with the process. */
export function memoryDeliveryStore(): DeliveryStore {
  const partitions = new Map<number, Held>();
  const workers = new Map<string, WorkerBeat>();
  const letters = new Map<string, DeadLetter>();
  const requests = new Map<string, DeliveryRequest>();
  const answered = new Set<string>();

  const isHeld = ({ partition, workerID, epoch }: Lease): boolean => {
    const held = partitions.get(partition);
    return held?.owner === workerID && held.epoch === epoch;
  };

  return {
    timing: { commitMs: 250, leaseMs: 10_000 },
    async partitions() {
      return [...partitions].map(([partition, { owner, epoch }]) => ({ partition, owner, epoch }));
    },
    async workers() {
      return [...workers.values()];
    },
    async beat(worker) {
      workers.set(worker.id, worker);
    },
    async leave(workerID) {
      workers.delete(workerID);
    },
    async claim({ partition, workerID, epoch }) {
      const held = partitions.get(partition) ?? { owner: undefined, epoch: 0n, frontier: undefined };
      if (held.epoch !== epoch) return undefined;
      partitions.set(partition, Object.assign(held, { owner: workerID, epoch: epoch + 1n }));
      return { epoch: held.epoch, state: held.frontier?.state() };
    },
    async commit(commit) {
      if (!isHeld(commit)) return false;
      const held = partitions.get(commit.partition);
      if (held) (held.frontier ??= new Frontier()).apply(commit.change);
      for (const letter of commit.parked) letters.set(letter.id, letter);
      for (const id of commit.removed) letters.delete(id);
      for (const id of commit.answered) {
        requests.delete(id);
        answered.add(id);
      }
      return true;
    },
    async release(lease) {
      const held = partitions.get(lease.partition);
      if (held && isHeld(lease)) held.owner = undefined;
    },
    async state(partition) {
      return partitions.get(partition)?.frontier?.state();
    },
    async deadLetters(query) {
      return selectLetters(letters.values(), query);
    },
    async deadLetter(id) {
      return letters.get(id);
    },
    async deadLetterCounts() {
      return countLetters(letters.values());
    },
    async request(request) {
      if (!answered.has(request.id) && !requests.has(request.id)) requests.set(request.id, request);
    },
    async requests(partition) {
      return [...requests.values()].filter((request) => request.partition === partition);
    },
    close: () => Promise.resolve(),
  };
}
