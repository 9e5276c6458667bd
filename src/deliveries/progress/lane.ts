import type { RecordedEvent } from '../../ports.js';
import type { DeadLetter, LaneRow } from '../store/deliveryStore.js';
import { laneKey } from '../store/keys.js';

/** The replay of dead letters, as against that of a period, which is named by its request. */
export const lettersReplay = 'letters';

/** The memory that holds events: a reader waits while it is full. */
export interface Holder {
  /** Whether half of it is taken: what is slow gets no more. */
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
 * - `ready`: may be called when there is a place
 * - `running`: its call, or a read for it, is under way
 * - `cold`: waits until it is due, with no event in memory
 * - `parking`: its dead letter has to be committed before the next event starts
 * - `blocked`: its dead letter has to be replayed or discarded first
 */
export type LanePhase = 'ready' | 'running' | 'cold' | 'parking' | 'blocked';

export interface LaneFailure {
  readonly status: number;
  readonly reason: string;
}

/**
 * The events of one stream that one target is still to be sent, one at a time. Events from the head on are queued as
 * long as there is room; of those beyond, `skippedTo` keeps only how far they go, and they are read again from the
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
  /** Whether the last failure was the target's fault: after an outage its lane goes at once. */
  isTargetFault = false;
  /** Due at this time of the monotonic clock, while cold. */
  dueAt = 0;
  cancelTimer: (() => void) | undefined;
  /** The version up to which events were passed over; `undefined` where all are queued. */
  skippedTo: bigint | undefined;
  /** Counts how often that happened, so that a read knows whether it was overtaken. */
  skips = 0;
  /** Where reading went back to before its head, while a call is under way. */
  rewindTo: bigint | undefined;
  /** Whether its dead letter is blocking: what is written with that dead letter says so. */
  blocks = false;
  /** Blocked still, but no longer once the commit under way is kept. */
  isUnblocking = false;
  /** The waiting dead letters of a replay, in order. */
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

  /** As it was committed; what lies behind its head has to be read. */
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

  /** How many of its events a holder counts. */
  heldBy(holder: Holder): number {
    return this.#queue.filter((held) => held.holder === holder).length;
  }

  /** The last version that is known to be behind or at the head. */
  get last(): bigint {
    return this.#queue.at(-1)?.event.version ?? this.head;
  }

  queue(event: RecordedEvent, holder: Holder): void {
    if (this.#queue.length === 0) this.#setHead(event);
    this.#queue.push({ event, holder });
    holder.hold(event);
  }

  #setHead(event: RecordedEvent): void {
    if (this.isDone || this.head !== event.version) {
      this.attempts = this.faults = this.firstAt = this.nextAt = this.status = 0;
      this.reason = '';
    }
    this.head = event.version;
    this.isDone = false;
    this.eventID = event.id;
    this.eventType = event.type;
    this.created = event.created.getTime();
  }

  /** Notes events without keeping them. */
  skip(version: bigint): void {
    this.skips++;
    if (this.skippedTo === undefined || version > this.skippedTo) this.skippedTo = version;
  }

  /** The event at its head is through: the next one is. */
  pass(): void {
    const held = this.#queue.shift();
    held?.holder.release(held.event);
    const next = this.#queue[0];
    if (next) this.#setHead(next.event);
    else this.#finishHead();
  }

  #finishHead(): void {
    this.isDone = true;
    this.attempts = this.faults = this.firstAt = this.nextAt = this.status = 0;
    this.reason = this.eventID = this.eventType = '';
    this.created = 0;
  }

  /** Moves past versions that are nothing to it. */
  moveTo(version: bigint): void {
    this.head = version;
    this.#finishHead();
  }

  /** Lets go of what it holds: it is read again. */
  release(): void {
    const { last } = this;
    const hadMore = this.#queue.length > 0;
    for (const { event, holder } of this.#queue) holder.release(event);
    this.#queue = [];
    if (hadMore) this.skip(last);
  }

  /** The same while its head is being sent: that stays in memory, and its holder no longer counts it. */
  releaseBehindHead(): void {
    const [head, ...behind] = this.#queue;
    if (!head) return;
    const { last } = this;
    for (const { event, holder } of this.#queue) holder.release(event);
    this.#queue = [{ event: head.event, holder: countsNothing }];
    if (behind.length > 0) this.skip(last);
  }

  /** Reading has gone back to before its head. */
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
    const { instanceID, targetID, stream, replay, unit, head, isDone, eventID, eventType, created } = this;
    const { attempts, faults, firstAt, nextAt, status, reason } = this;
    if (this.phase === 'parking') return this.#passedRow();
    const state = this.phase === 'blocked' && !this.isUnblocking ? 'blocked' : 'waiting';
    return {
      ...{ instanceID, targetID, stream, replay, unit, head, isDone, eventID, eventType, created },
      ...{ attempts, faults, firstAt, nextAt, state, status, reason },
    };
  }

  /** As it is once its dead letter, in the same commit, is kept. */
  #passedRow(): LaneRow {
    const { instanceID, targetID, stream, replay, unit, head, blocks } = this;
    return {
      ...{
        instanceID,
        targetID,
        stream,
        replay,
        unit,
        head,
        isDone: true,
        eventID: '',
        eventType: '',
        created: 0,
      },
      ...{
        attempts: 0,
        faults: 0,
        firstAt: 0,
        nextAt: 0,
        state: blocks ? 'blocked' : 'waiting',
        status: 0,
        reason: '',
      },
    };
  }
}
