/** The stored progress of durable delivery, and the store's interface. Types only. */

/** How many parts the streams are hashed into; each is worked on by one worker at a time. */
export const partitionCount = 16;

/** One (target, stream) that has something undelivered. However many events wait behind its head, it is one row. */
export interface LaneRow {
  /** The instance of the target. */
  readonly instanceID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** The stream of the lane. */
  readonly stream: string;
  /** `''`; else the replay that it belongs to. */
  readonly replay: string;
  /** `''`; under `order: 'none'` the version of its only event, in decimal digits. */
  readonly unit: string;
  /** The version that is next or, with `isDone`, the one after which the next is looked for. */
  readonly head: bigint;
  /** Whether the lane is through. */
  readonly isDone: boolean;
  /** Of the event at its head, if that was read; else `''` and 0. */
  readonly eventID: string;
  /** The type of the event at its head. */
  readonly eventType: string;
  /** When that event was recorded, in milliseconds since the epoch. */
  readonly created: number;
  /** Calls of that event so far. */
  readonly attempts: number;
  /** How many of them the target answered with a status that is the event's fault. */
  readonly faults: number;
  /** When it was first tried, and when it is due. Milliseconds since the epoch, 0 for never and at once. */
  readonly firstAt: number;
  /** When the next call is due, in milliseconds since the epoch. */
  readonly nextAt: number;
  /** `blocked`: a dead letter before its head has to be replayed or discarded first (`order: 'strict'`). */
  readonly state: 'waiting' | 'blocked';
  /** HTTP status of the last answer; 0 for none. */
  readonly status: number;
  /** Why the last call failed. */
  readonly reason: string;
}

/** Which lane. */
export type LaneKey = Pick<LaneRow, 'instanceID' | 'targetID' | 'stream' | 'replay' | 'unit'>;

/** Why a target's events of a partition are not read on. */
export type Stop = '' | 'paused' | 'down' | 'throttled' | 'suspended';

/** Where a target, or a replay of it, is read from, where that is not the position of its partition. */
export interface CursorRow {
  /** The instance of the target. */
  readonly instanceID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** The id of a replay; `''` for live events. */
  readonly replay: string;
  /** Everything up to here was read; `null`: it is where its partition is. */
  readonly position: bigint | null;
  /** A replay ends here, inclusive. */
  readonly until: bigint | null;
  /** The `deliverFrom` that it began with, so that it begins once. */
  readonly origin: string;
  /** Why the cursor stands still. */
  readonly stop: Stop;
  /** The reason in words. */
  readonly reason: string;
}

/** Which cursor. */
export type CursorKey = Pick<CursorRow, 'instanceID' | 'targetID' | 'replay'>;

/** Each event up to `position` is delivered, a dead letter, or at or after the head of a lane (the frontier). */
export interface PartitionState {
  /** How far the partition has been read. */
  readonly position: bigint;
  /** The cursors elsewhere than at the position. */
  readonly cursors: readonly CursorRow[];
  /** The lanes that are not through. */
  readonly lanes: readonly LaneRow[];
}

/** The changes of a frontier in a commit. */
export interface PartitionChange {
  /** How far the partition has been read. */
  readonly position: bigint;
  /** Cursors to write. */
  readonly putCursors: readonly CursorRow[];
  /** Cursors to remove. */
  readonly removeCursors: readonly CursorKey[];
  /** Lanes to write. */
  readonly putLanes: readonly LaneRow[];
  /** Lanes to remove. */
  readonly removeLanes: readonly LaneKey[];
}

/** An event that a target did not take, or whose caller could not be told (`targetID` is then `''`). */
export interface DeadLetter {
  /** The delivery id: the receiver's `webhook-id`. */
  readonly id: string;
  /** Number of its partition. */
  readonly partition: number;
  /** The instance of the target. */
  readonly instanceID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** The stream of the event. */
  readonly stream: string;
  /** Its place in the stream. */
  readonly version: bigint;
  /** Its place in the store. */
  readonly position: bigint;
  /** Its id. */
  readonly eventID: string;
  /** Its type. */
  readonly eventType: string;
  /** Calls that were made. */
  readonly attempts: number;
  /** When the first call was made, in milliseconds since the epoch. */
  readonly firstAt: number;
  /** When it was parked, in milliseconds since the epoch. */
  readonly parkedAt: number;
  /** HTTP status of the last answer; 0 where there was none. */
  readonly status: number;
  /** Why the last call failed. */
  readonly reason: string;
  /** Whether its stream waits for it (`order: 'strict'`). */
  readonly blocks: boolean;
  /** Whether it is being replayed. */
  readonly isReplaying: boolean;
}

/** A failed attempt. Holds no endpoint, header or body. */
export interface FailedAttempt {
  /** The id of the delivery. */
  readonly deliveryID: string;
  /** The instance of the target. */
  readonly instanceID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** When, in milliseconds since the epoch. */
  readonly at: number;
  /** Number of the call, from 1. */
  readonly attempt: number;
  /** How long the call took. Milliseconds. */
  readonly durationMs: number;
  /** HTTP status; 0 where there was none. */
  readonly status: number;
  /** Why it failed. */
  readonly reason: string;
}

/** A request of an operator to the worker of a partition. Ids are never used again. */
export type DeliveryRequest = { readonly id: string; readonly partition: number } & (
  | { readonly kind: 'replay' | 'discard'; readonly deadLetters: readonly string[] }
  | {
      readonly kind: 'replayPeriod';
      readonly instanceID: string;
      readonly targetID: string;
      readonly from: bigint;
      readonly to: bigint;
    }
);

/** The right to a partition. */
export interface Lease {
  /** Number of the partition, from 0. */
  readonly partition: number;
  /** The worker. */
  readonly workerID: string;
  /** The epoch of its claim. */
  readonly epoch: bigint;
}

/** The owner of a partition. */
export interface PartitionLease {
  /** Number of the partition, from 0. */
  readonly partition: number;
  /** The worker; `undefined` where the partition is free. */
  readonly owner: string | undefined;
  /** Grows with every claim. */
  readonly epoch: bigint;
}

/** A worker's own state; `beat` changes with every sign of life. */
export interface WorkerBeat {
  /** The id of the worker. */
  readonly id: string;
  /** Host, boot and process name space: processes that share it can ask for each other. */
  readonly host: string;
  /** Number of its process. */
  readonly process: number;
  /** When the process started, so that a number that was given again is not taken for it. */
  readonly started: string;
  /** Counts up with every beat. */
  readonly beat: number;
}

/** One step of a partition: all of it is kept, or nothing. */
export interface Commit extends Lease {
  /** The changes of the frontier. */
  readonly change: PartitionChange;
  /** Dead letters, new ones and those that changed. */
  readonly parked: readonly DeadLetter[];
  /** Ids of dead letters that were delivered or discarded. */
  readonly removed: readonly string[];
  /** Ids of requests that were answered. */
  readonly answered: readonly string[];
  /** Calls that failed, for the log. */
  readonly failures: readonly FailedAttempt[];
}

/** Which dead letters. */
export interface DeadLetterQuery {
  /** Absent: any. */
  readonly partition?: number | undefined;
  /** Absent: any. */
  readonly instanceID?: string | undefined;
  /** Absent: any. */
  readonly targetID?: string | undefined;
  /** Absent: any. */
  readonly stream?: string | undefined;
  /** Absent: any. */
  readonly reason?: string | undefined;
  /** Absent: either. */
  readonly isReplaying?: boolean | undefined;
  /** Ids after this one, in the order of ids. Absent: from the first. */
  readonly after?: string | undefined;
  /** How many at the most. */
  readonly limit: number;
}

/**
 * Where durable delivery keeps its progress. Every implementation passes `deliveryStoreContract` of
 * `eventstore-actions/testing`.
 *
 * Any rejection means that the outcome is not known: the same call is then repeated with the same content, which has to do
 * nothing twice.
 */
export interface DeliveryStore {
  /** How often to commit and beat, in milliseconds. @defaultValue what suits the store. Milliseconds */
  readonly timing: { readonly commitMs: number; readonly leaseMs: number };
  /** The partitions that were ever claimed. @throws {@link EventStoreUnavailableError} */
  partitions(): Promise<readonly PartitionLease[]>;
  /** The workers of the group and their last beats. @throws {@link EventStoreUnavailableError} */
  workers(): Promise<readonly WorkerBeat[]>;
  /** Tells the others that this worker lives. @throws {@link EventStoreUnavailableError} */
  beat(worker: WorkerBeat): Promise<void>;
  /** Takes this worker out of the group. @throws {@link EventStoreUnavailableError} */
  leave(workerID: string): Promise<void>;
  /**
   * Takes a partition over, if its lease still has `epoch` (`0n` for one that was never claimed); `undefined` where another
   * worker was faster. Until the claim is given away or lost, only its commits are kept.
   * @throws {@link EventStoreUnavailableError}
   */
  claim(
    claim: Lease,
  ): Promise<{ readonly epoch: bigint; readonly state: PartitionState | undefined } | undefined>;
  /**
   * Writes a frontier, whole or not at all.
   *
   * @returns `false`, and keeps nothing, where the lease was lost
   * @throws {@link EventStoreUnavailableError}
   */
  commit(commit: Commit): Promise<boolean>;
  /** Gives a partition back. @throws {@link EventStoreUnavailableError} */
  release(lease: Lease): Promise<void>;
  /** The frontier of a partition; `undefined` before its first commit. @throws {@link EventStoreUnavailableError} */
  state(partition: number): Promise<PartitionState | undefined>;
  /** Dead letters, in the order of their ids. @throws {@link EventStoreUnavailableError} */
  deadLetters(query: DeadLetterQuery): Promise<readonly DeadLetter[]>;
  /** One dead letter by its id; `undefined` where there is none. @throws {@link EventStoreUnavailableError} */
  deadLetter(id: string): Promise<DeadLetter | undefined>;
  /** How many there are, by `<instanceID> <targetID>`. @throws {@link EventStoreUnavailableError} */
  deadLetterCounts(): Promise<ReadonlyMap<string, number>>;
  /** Notes what an operator asks of a partition. @throws {@link EventStoreUnavailableError} */
  request(request: DeliveryRequest): Promise<void>;
  /** The requests that no commit has answered, the oldest first. @throws {@link EventStoreUnavailableError} */
  requests(partition: number): Promise<readonly DeliveryRequest[]>;
  /** Releases what the store has opened. It never rejects. */
  close(): Promise<void>;
}
