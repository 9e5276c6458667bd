import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { WorkerBeat } from '../store/deliveryStore.js';

const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
};

function nameSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** When a process started, in ticks since the boot; `''` where that cannot be told. */
function startOf(process: number): string {
  const stat = textOf(`/proc/${process}/stat`);
  // The name in parentheses may hold blanks and parentheses itself.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** Host, boot and process name space: without all of them no process can be asked for. */
function hostIdentity(): string {
  const [boot, space] = [textOf('/proc/sys/kernel/random/boot_id'), nameSpace()];
  return boot === '' || space === '' ? '' : `${hostname()} ${boot} ${space}`;
}

/** How this process shows itself to other workers. */
export function selfAsWorker(id: string): Omit<WorkerBeat, 'beat'> {
  return { id, host: hostIdentity(), process: process.pid, started: startOf(process.pid) };
}

/** Whether a worker of this very host is dead for certain; of any other host nothing is certain. */
export function isDead(worker: WorkerBeat): boolean {
  const { host, process: pid, started } = worker;
  if (host === '' || started === '' || host !== hostIdentity()) return false;
  return startOf(pid) !== started;
}

/** The live workers, as this one sees them: by its own monotonic clock, not by the clocks of the others. */
export class Presence {
  readonly #leaseMs: number;
  readonly #isDead: (worker: WorkerBeat) => boolean;
  readonly #seen = new Map<string, { readonly beat: number; readonly since: number }>();

  constructor(leaseMs: number, dead = isDead) {
    this.#leaseMs = leaseMs;
    this.#isDead = dead;
  }

  /**
   * The workers that are there, given what the store says at `now`. One is gone once its beat has not changed for the length
   * of a lease, or its process is dead.
   */
  alive(workers: readonly WorkerBeat[], now: number): ReadonlySet<string> {
    const alive = new Set<string>();
    for (const worker of workers) {
      const known = this.#seen.get(worker.id);
      const since = known?.beat === worker.beat ? known.since : now;
      this.#seen.set(worker.id, { beat: worker.beat, since });
      if (now - since < this.#leaseMs && !this.#isDead(worker)) alive.add(worker.id);
    }
    const listed = new Set(workers.map(({ id }) => id));
    for (const id of this.#seen.keys()) if (!listed.has(id)) this.#seen.delete(id);
    return alive;
  }
}
