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

/** When a process started, in ticks since the boot; `''` where the system does not tell. */
function startOf(process: number): string {
  const stat = textOf(`/proc/${process}/stat`);
  // Cut after the last parenthesis: the name of the process may hold blanks and parentheses.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

/** Host, boot and process name space; `''` where one of them is unknown. */
function hostIdentity(): string {
  const [boot, space] = [textOf('/proc/sys/kernel/random/boot_id'), nameSpace()];
  return boot === '' || space === '' ? '' : `${hostname()} ${boot} ${space}`;
}

/** This process as a worker, for the other workers. */
export function selfAsWorker(id: string): Omit<WorkerBeat, 'beat'> {
  return { id, host: hostIdentity(), process: process.pid, started: startOf(process.pid) };
}

/** Whether a worker is certainly dead: its process, on this host, does not run. `false` for other hosts. */
function isDead(worker: WorkerBeat): boolean {
  const { host, process: pid, started } = worker;
  if (host === '' || started === '' || host !== hostIdentity()) return false;
  return startOf(pid) !== started;
}

/** The live workers, judged by the monotonic clock of this worker and not by the clocks of others. */
export class Presence {
  readonly #leaseMs: number;
  readonly #isDead: (worker: WorkerBeat) => boolean;
  readonly #seen = new Map<string, { readonly beat: number; readonly since: number }>();

  constructor(leaseMs: number, dead = isDead) {
    this.#leaseMs = leaseMs;
    this.#isDead = dead;
  }

  /**
   * The live workers, from the beats that the store has at `now`. A worker is gone once its beat has not changed for
   * the length of a lease, or its process is dead.
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
