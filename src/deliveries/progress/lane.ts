import type { RecordedEvent } from '../../ports.js';
import type { DeadLetter, LaneRow } from '../store/deliveryStore.js';
import { laneKey } from '../store/keys.js';

/** The name of the replay of dead letters. The replay of a period has the id of its request. */
export const lettersReplay = 'letters';

/** A bound on the events that a reader has in memory. */
export interface Holder {
  /** Whether half of the room is taken: a slow lane gets no more. */
  readonly isHalfFull: boolean;
  hold(event: RecordedEvent): void;
  release(event: RecordedEvent): void;
}

const countsNothing: Holder = { isHalfFull: false, hold: () => undefined, release: () => undefined };

interface Held {
  readonly event: RecordedEvent;
  readonly holder: Holder;
}

/**
 * - `ready`: its event may be sent when there is a place
 * - `running`: a call or a read for the lane is under way
 * - `cold`: the lane waits until it is due, with no event in memory
 * - `parking`: its dead letter has to be committed before the next event is sent
 * - `blocked`: its dead letter has to be replayed or discarded first
 */
export type LanePhase = 'ready' | 'running' | 'cold' | 'parking' | 'blocked';

/** The progress of an event that was not sent yet. */
const untried = { attempts: 0, faults: 0, firstAt: 0, nextAt: 0, status: 0, reason: '' };
/** The head of a lane whose event is done. */
const noEvent = { eventID: '', eventType: '', created: 0 };

/**
 * The events of one stream that one target is still to be sent, one at a time. The lane queues events from the head on
 * while there is room. Of the events beyond, it keeps only the last version, `skippedTo`, and reads them again from the
 * stream.
 */
export class Lane {
  readonly key: string;
  readonly instanceID: string;
  readonly targetID: string;
  readonly stream: string;
  readonly replay: string;
  readonly unit: string;
  readonly partition: number;
  phase: LanePhase = 'ready';
  isOpen = true;
  head: bigint;
  isDone: boolean;
  eventID = '';
  eventType = '';
  created = 0;
  attempts = 0;
  faults = 0;
  firstAt = 0;
  nextAt = 0;
  status = 0;
  reason = '';
  /** Whether the last failure was the target's fault: after the outage the lane is due at once. */
  isTargetFault = false;
  /** While the lane is cold: when it is due, by the monotonic clock. */
  dueAt = 0;
  cancelTimer: (() => void) | undefined;
  /** The version up to which events are not queued; `undefined` where all are queued. */
  skippedTo: bigint | undefined;
  /** Counts the calls of `skip`, so that a read can tell whether the reader has passed it. */
  skips = 0;
  /** The version before the head that reading went back to while a call was under way. */
  rewindTo: bigint | undefined;
  /** Whether the dead letter of its head blocks the lane. */
  blocks = false;
  /** Whether the commit under way ends the block. */
  isUnblocking = false;
  /** The dead letters that a replay is still to send, in order. */
  letters: DeadLetter[] = [];
  #queue: Held[] = [];

  constructor(
    key: Pick<LaneRow, 'instanceID' | 'targetID' | 'stream' | 'replay' | 'unit'>,
    partition: number,
    head: bigint,
  ) {
    this.key = laneKey(key);
    this.instanceID = key.instanceID;
    this.targetID = key.targetID;
    this.stream = key.stream;
    this.replay = key.replay;
    this.unit = key.unit;
    this.partition = partition;
    this.head = head;
    this.isDone = false;
  }

  /** Restores a lane from its row. The events behind its head have to be read. */
  static restored(row: LaneRow, partition: number): Lane {
    const lane = new Lane(row, partition, row.head);
    const { isDone, eventID, eventType, created, attempts, faults, firstAt, nextAt, status, reason } = row;
    Object.assign(lane, {
      isDone,
      eventID,
      eventType,
      created,
      attempts,
      faults,
      firstAt,
      nextAt,
      status,
      reason,
    });
    lane.phase = row.state === 'blocked' ? 'blocked' : 'cold';
    lane.skippedTo = row.head;
    return lane;
  }

  get first(): RecordedEvent | undefined {
    return this.#queue[0]?.event;
  }

  get queued(): number {
    return this.#queue.length;
  }

  /** How many events of this lane a holder counts. */
  heldBy(holder: Holder): number {
    return this.#queue.filter((held) => held.holder === holder).length;
  }

  /** The last version that is known to be in the lane. */
  get last(): bigint {
    return this.#queue.at(-1)?.event.version ?? this.head;
  }

  queue(event: RecordedEvent, holder: Holder): void {
    if (this.#queue.length === 0) this.#setHead(event);
    this.#queue.push({ event, holder });
    holder.hold(event);
  }

  #setHead(event: RecordedEvent): void {
    if (this.isDone || this.head !== event.version) Object.assign(this, untried);
    this.head = event.version;
    this.isDone = false;
    this.eventID = event.id;
    this.eventType = event.type;
    this.created = event.created.getTime();
  }

  /** Notes that events up to `version` belong to the lane, without queueing them. */
  skip(version: bigint): void {
    this.skips++;
    if (this.skippedTo === undefined || version > this.skippedTo) this.skippedTo = version;
  }

  /** Moves the head to the next event. */
  pass(): void {
    const held = this.#queue.shift();
    held?.holder.release(held.event);
    const next = this.#queue[0];
    if (next) this.#setHead(next.event);
    else this.#finishHead();
  }

  #finishHead(): void {
    this.isDone = true;
    Object.assign(this, noEvent, untried);
  }

  /** Moves the head past versions that are not for this target. */
  moveTo(version: bigint): void {
    this.head = version;
    this.#finishHead();
  }

  /** Drops the queued events, which are read again later. */
  release(): void {
    const { last } = this;
    const hadMore = this.#queue.length > 0;
    for (const { event, holder } of this.#queue) holder.release(event);
    this.#queue = [];
    if (hadMore) this.skip(last);
  }

  /**
   * Drops the queued events while the head is being sent: the head stays in memory, and its holder no longer counts it.
   */
  releaseBehindHead(): void {
    const [head, ...behind] = this.#queue;
    if (!head) return;
    const { last } = this;
    for (const { event, holder } of this.#queue) holder.release(event);
    this.#queue = [{ event: head.event, holder: countsNothing }];
    if (behind.length > 0) this.skip(last);
  }

  /** Takes the head back to an earlier version. */
  rewind(version: bigint): void {
    this.release();
    this.head = version;
    this.#finishHead();
    this.isDone = false;
    this.skip(version);
  }

  close(): void {
    this.isOpen = false;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    for (const { event, holder } of this.#queue) holder.release(event);
    this.#queue = [];
  }

  row(): LaneRow {
    if (this.phase === 'parking') return this.#passedRow();
    return {
      instanceID: this.instanceID,
      targetID: this.targetID,
      stream: this.stream,
      replay: this.replay,
      unit: this.unit,
      head: this.head,
      isDone: this.isDone,
      eventID: this.eventID,
      eventType: this.eventType,
      created: this.created,
      attempts: this.attempts,
      faults: this.faults,
      firstAt: this.firstAt,
      nextAt: this.nextAt,
      state: this.phase === 'blocked' && !this.isUnblocking ? 'blocked' : 'waiting',
      status: this.status,
      reason: this.reason,
    };
  }

  /** The row of the lane after the dead letter of its head, which the same commit writes. */
  #passedRow(): LaneRow {
    const { instanceID, targetID, stream, replay, unit, head } = this;
    const state = this.blocks ? 'blocked' : 'waiting';
    return {
      instanceID,
      targetID,
      stream,
      replay,
      unit,
      head,
      isDone: true,
      state,
      ...noEvent,
      ...untried,
    };
  }
}
