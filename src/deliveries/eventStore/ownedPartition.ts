import type { EventData } from '../../ports.js';
import type { Commit } from '../store/deliveryStore.js';
import { Frontier } from '../store/frontier.js';
import { newEvent, type GroupLog } from './groupLog.js';
import type { Snapshot } from './partitionStream.js';
import { inPieces } from './pieces.js';

/** Events that are appended one after another, and how many of them are known to be stored. */
interface Steps {
  readonly events: readonly EventData[];
  kept: number;
}

interface Claimed {
  readonly stream: string;
  readonly epoch: bigint;
  readonly workerID: string;
  /** Version of the last event of its stream. */
  readonly version: bigint;
  readonly frontier: Frontier | undefined;
}

const appendsBetweenSnapshots = 100;

/** A partition that this process owns. Each append expects the version that this process read or wrote last. */
export class OwnedPartition {
  readonly stream: string;
  readonly epoch: bigint;
  readonly workerID: string;
  readonly #log: GroupLog;
  readonly #frontier: Frontier;
  readonly #prepared = new WeakMap<Commit, Steps>();
  #version: bigint;
  #appends = 0;
  #snapshot: Steps | undefined;

  constructor(log: GroupLog, { stream, epoch, workerID, version, frontier }: Claimed) {
    this.#log = log;
    this.stream = stream;
    this.epoch = epoch;
    this.workerID = workerID;
    this.#version = version;
    this.#frontier = frontier ?? new Frontier();
  }

  /**
   * Appends the steps; `false` where another worker has appended meanwhile. After a rejection, the next call goes on
   * with the first step that is not known to be stored.
   */
  async #write(steps: Steps): Promise<boolean> {
    for (; steps.kept < steps.events.length; steps.kept++) {
      const events = steps.events.slice(steps.kept, steps.kept + 1);
      const exact = { events, expected: this.#version };
      const version = await this.#log.appendExactly(this.stream, exact);
      if (version === undefined) return false;
      this.#version = version;
    }
    return true;
  }

  /**
   * Where the lanes do not fit into one event, the first events with lanes are written ahead of the position. Each row
   * is true by itself, and the reader delivers the events beyond the position to it again.
   */
  #stepsOf({ change, removed }: Commit): Steps {
    const [last = [], ...ahead] = [...inPieces(change.putLanes)].reverse();
    const { position } = this.#frontier;
    const nothing = { position, putCursors: [], removeCursors: [], removeLanes: [] };
    return {
      events: [
        ...ahead.map((putLanes) =>
          newEvent('partition.advanced', { change: { ...nothing, putLanes }, removed: [] }),
        ),
        newEvent('partition.advanced', { change: { ...change, putLanes: last }, removed }),
      ],
      kept: 0,
    };
  }

  /** Writes a commit. Repeating the same commit writes nothing twice. `false` where the lease is lost. */
  async advance(commit: Commit): Promise<boolean> {
    let steps = this.#prepared.get(commit);
    if (!steps) this.#prepared.set(commit, (steps = this.#stepsOf(commit)));
    const { length } = steps.events;
    if (steps.kept === length) return true;
    if (!(await this.#write(steps))) return false;
    this.#frontier.apply(commit.change);
    this.#appends += length;
    return true;
  }

  #wholeState(): Steps {
    const { epoch, workerID } = this;
    const state = this.#frontier.state();
    const [last = [], ...parts] = [...inPieces(state.lanes)].reverse();
    const whole: Snapshot = {
      owner: workerID,
      epoch,
      state: { ...state, lanes: last },
      ...(parts.length > 0 && { parts: parts.length }),
    };
    const events = [
      ...parts.map((lanes) => newEvent('partition.snapshotPart', { lanes })),
      newEvent('partition.snapshot', whole),
    ];
    return { events, kept: 0 };
  }

  /**
   * Writes a snapshot after a number of commits: the next claim reads from there, and the events before it may be
   * truncated.
   */
  async snapshotIfDue(): Promise<void> {
    if (this.#appends < appendsBetweenSnapshots) return;
    const steps = (this.#snapshot ??= this.#wholeState());
    if (!(await this.#write(steps))) return;
    this.#appends = 0;
    this.#snapshot = undefined;
    const first = this.#version - BigInt(steps.events.length - 1);
    if (first <= BigInt(Number.MAX_SAFE_INTEGER))
      await this.#log.setMetadata(this.stream, { $tb: Number(first) });
  }

  async release(): Promise<void> {
    await this.#write({ events: [newEvent('partition.released', {})], kept: 0 });
  }
}
