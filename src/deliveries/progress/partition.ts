import type {
  Commit,
  CursorRow,
  DeadLetter,
  FailedAttempt,
  LaneKey,
  LaneRow,
  PartitionState,
} from '../store/deliveryStore.js';
import { cursorKey, laneKey } from '../store/keys.js';
import { Cursor } from './cursor.js';
import { Lane } from './lane.js';

/** The writes of a commit, and the callbacks after it. */
interface Pending {
  parked: Map<string, DeadLetter>;
  removed: Set<string>;
  answered: Set<string>;
  failures: FailedAttempt[];
  then: (() => void)[];
}

const nothingPending = (): Pending => ({
  parked: new Map(),
  removed: new Set(),
  answered: new Set(),
  failures: [],
  then: [],
});

/** The most failures that a commit logs: in an outage the latest suffice. */
const mostFailures = 200;

/**
 * A partition that this worker owns. A commit takes the state of one moment, in which invariant F holds: every matching
 * event up to a cursor is delivered, a dead letter, or at or after the head of an open lane.
 */
export class Partition {
  readonly number: number;
  readonly epoch: bigint;
  /** The position up to which every event of the partition was read. */
  position: bigint;
  readonly lanes = new Map<string, Lane>();
  readonly cursors = new Map<string, Cursor>();
  /** Aborts the calls and reads under way. When the worker regains its right to call, a new controller replaces it. */
  calls = new AbortController();
  /** The partition is being given away: no further call is started. */
  isLeaving = false;
  /** A commit failed: no further call is started before a commit succeeds. */
  isStalled = false;
  /** How many calls and reads of the partition's lanes are under way. */
  running = 0;
  readonly #dirtyLanes = new Map<string, LaneKey>();
  readonly #dirtyCursors = new Map<string, Cursor>();
  readonly #written = new Set<string>();
  /** The committed position; `undefined` before the first commit, which has to write where the partition begins. */
  #committed: bigint | undefined;
  #pending = nothingPending();

  /** @param begin - where a partition without a commit begins */
  constructor(number: number, epoch: bigint, state: PartitionState | undefined, begin = 0n) {
    this.number = number;
    this.epoch = epoch;
    this.position = state?.position ?? begin;
    this.#committed = state?.position;
    if (!state) return;
    for (const row of state.lanes) {
      const lane = Lane.restored(row, number);
      this.lanes.set(lane.key, lane);
      this.#written.add(lane.key);
    }
    for (const row of state.cursors) {
      const cursor = Cursor.restored(row);
      this.cursors.set(cursor.key, cursor);
    }
  }

  lane(key: LaneKey): Lane | undefined {
    return this.lanes.get(laneKey(key));
  }

  open(key: LaneKey, head: bigint): Lane {
    const lane = new Lane(key, this.number, head);
    this.lanes.set(lane.key, lane);
    this.touch(lane);
    return lane;
  }

  /** Marks a lane whose row the next commit has to write. */
  touch(lane: Lane): void {
    this.#dirtyLanes.set(lane.key, lane);
  }

  close(lane: Lane): void {
    lane.close();
    this.lanes.delete(lane.key);
    if (this.#written.has(lane.key)) this.#dirtyLanes.set(lane.key, lane);
    else this.#dirtyLanes.delete(lane.key);
  }

  cursor(key: Pick<CursorRow, 'instanceID' | 'targetID' | 'replay'>): Cursor | undefined {
    return this.cursors.size === 0 ? undefined : this.cursors.get(cursorKey(key));
  }

  cursorFor(key: Pick<CursorRow, 'instanceID' | 'targetID' | 'replay'>): Cursor {
    const known = this.cursor(key);
    if (known) return known;
    const cursor = new Cursor(key);
    this.cursors.set(cursor.key, cursor);
    return cursor;
  }

  touchCursor(cursor: Cursor): void {
    this.#dirtyCursors.set(cursor.key, cursor);
  }

  removeCursor(cursor: Cursor): void {
    this.cursors.delete(cursor.key);
    this.#dirtyCursors.set(cursor.key, cursor);
  }

  /** The position up to which the events of a lane were read; a reader still has to deliver the events beyond it. */
  readTo(lane: Pick<Lane, 'instanceID' | 'targetID' | 'replay'>): bigint {
    return this.cursor(lane)?.position ?? this.position;
  }

  /** @param then - called once the dead letter is committed; not called where the lease is lost first */
  park(letter: DeadLetter, then: () => void): void {
    this.#pending.parked.set(letter.id, letter);
    this.#pending.removed.delete(letter.id);
    this.#pending.then.push(then);
  }

  remove(letterID: string, then?: () => void): void {
    this.#pending.parked.delete(letterID);
    this.#pending.removed.add(letterID);
    if (then) this.#pending.then.push(then);
  }

  answer(requestID: string, then?: () => void): void {
    this.#pending.answered.add(requestID);
    if (then) this.#pending.then.push(then);
  }

  noteFailure(failure: FailedAttempt): void {
    this.#pending.failures.push(failure);
    if (this.#pending.failures.length > mostFailures) this.#pending.failures.shift();
  }

  /** Whether there is more to write than the position. */
  get isDirty(): boolean {
    const { parked, removed, answered } = this.#pending;
    const waiting = parked.size + removed.size + answered.size;
    return waiting + this.#dirtyLanes.size + this.#dirtyCursors.size > 0;
  }

  get hasMoved(): boolean {
    return this.position !== this.#committed;
  }

  /** Takes the commit of this moment. Call `settle` with its outcome before taking the next one. */
  take(workerID: string): { readonly commit: Commit; settle(isKept: boolean): void } {
    const pending = this.#pending;
    this.#pending = nothingPending();
    const lanes = [...this.#dirtyLanes];
    const cursors = [...this.#dirtyCursors.values()];
    this.#dirtyLanes.clear();
    this.#dirtyCursors.clear();
    const putLanes: LaneRow[] = [];
    const removeLanes: LaneKey[] = [];
    const closed: string[] = [];
    for (const [id, { instanceID, targetID, stream, replay, unit }] of lanes) {
      const open = this.lanes.get(id);
      if (open) {
        this.#written.add(id);
        putLanes.push(open.row());
      } else {
        closed.push(id);
        removeLanes.push({ instanceID, targetID, stream, replay, unit });
      }
    }
    const { position } = this;
    return {
      commit: {
        partition: this.number,
        workerID,
        epoch: this.epoch,
        change: {
          position,
          putCursors: cursors.filter((cursor) => this.#isKept(cursor)).map((cursor) => cursor.row()),
          removeCursors: cursors.filter((cursor) => !this.#isKept(cursor)),
          putLanes,
          removeLanes,
        },
        parked: [...pending.parked.values()],
        removed: [...pending.removed],
        answered: [...pending.answered],
        failures: pending.failures,
      },
      settle: (isKept) => {
        if (!isKept) {
          this.#takeBack(pending, lanes, cursors);
          return;
        }
        this.#committed = position;
        for (const id of closed) if (!this.lanes.has(id)) this.#written.delete(id);
        for (const then of pending.then) then();
      },
    };
  }

  #isKept(cursor: Cursor): boolean {
    return this.cursors.get(cursor.key) === cursor && cursor.isWorthKeeping;
  }

  #takeBack(
    pending: Pending,
    lanes: readonly (readonly [id: string, key: LaneKey])[],
    cursors: readonly Cursor[],
  ): void {
    for (const [id, key] of lanes) if (!this.#dirtyLanes.has(id)) this.#dirtyLanes.set(id, key);
    for (const cursor of cursors)
      if (!this.#dirtyCursors.has(cursor.key)) this.#dirtyCursors.set(cursor.key, cursor);
    const newer = this.#pending;
    for (const id of newer.removed) pending.parked.delete(id);
    for (const id of newer.parked.keys()) pending.removed.delete(id);
    this.#pending = {
      parked: new Map([...pending.parked, ...newer.parked]),
      removed: new Set([...pending.removed, ...newer.removed]),
      answered: new Set([...pending.answered, ...newer.answered]),
      failures: [...pending.failures, ...newer.failures].slice(-mostFailures),
      then: [...pending.then, ...newer.then],
    };
  }
}
