/** The stored progress of durable delivery, and the store's interface. */

/** The number of partitions that streams are hashed into. One worker at a time owns a partition. */
export const partitionCount = 16;
export const partitions: readonly number[] = Array.from({ length: partitionCount }, (_, number) => number);

/** A stream with undelivered events of one target: one row, however many events wait behind its head. */
export interface LaneRow {
  /** The instance of the target. */
  readonly instanceID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** The stream of the lane. */
  readonly stream: string;
  /** The id of the replay that the lane belongs to; `''` for live events. */
  readonly replay: string;
  /** `''`; under `order: 'none'` the version of its only event, in decimal digits. */
  readonly unit: string;
  /** The version of the next event or, with `isDone`, the version after which the next event is looked for. */
  readonly head: bigint;
  /** Whether the event at the head is delivered, dropped or parked. */
  readonly isDone: boolean;
  /** The id of the event at the head; `''` before it was read, as `eventType` and, with 0, `created`. */
  readonly eventID: string;
  /** The type of the event at its head. */
  readonly eventType: string;
  /** When that event was recorded, in milliseconds since the epoch. */
  readonly created: number;
  /** Calls of that event so far. */
  readonly attempts: number;
  /** How many of them the target answered with a status that is the event's fault. */
  readonly faults: number;
  /** When the first call was made, in milliseconds since the epoch; 0 for never. */
  readonly firstAt: number;
  /** When the next call is due, in milliseconds since the epoch; 0 for at once. */
  readonly nextAt: number;
  /** `blocked`: an operator has to replay or discard a dead letter before the head first (`order: 'strict'`). */
  readonly state: 'waiting' | 'blocked';
  /** HTTP status of the last answer; 0 for none. */
  readonly status: number;
  /** Why the last call failed. */
  readonly reason: string;
}

/** The key of a lane. */
export type LaneKey = Pick<LaneRow, 'instanceID' | 'targetID' | 'stream' | 'replay' | 'unit'>;

/** Why the cursor of a target has stopped in a partition. */
export type Stop = '' | 'paused' | 'down' | 'throttled' | 'suspended';

/** The position of a target, or of a replay, that differs from the position of its partition. */
export interface CursorRow {
  /** The instance of the target. */
  readonly instanceID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** The id of a replay; `''` for live events. */
  readonly replay: string;
  /** The position up to which events were read; `null`: the position of the partition. */
  readonly position: bigint | null;
  /** The last position of a replay, inclusive; `null` for live events. */
  readonly until: bigint | null;
  /** The `deliverFrom` that the cursor began with, so that the target begins once. */
  readonly origin: string;
  /** Why the cursor has stopped; `''` where it has not. */
  readonly stop: Stop;
  /** The reason in words. */
  readonly reason: string;
}

/** The key of a cursor. */
export type CursorKey = Pick<CursorRow, 'instanceID' | 'targetID' | 'replay'>;

/** Each event up to `position` is delivered, a dead letter, or at or after the head of a lane (the frontier). */
export interface PartitionState {
  /** How far the partition has been read. */
  readonly position: bigint;
  /** The cursors that differ from the position. */
  readonly cursors: readonly CursorRow[];
  /** The open lanes. */
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

/**
 * An event that could not be delivered to a target, or (with `targetID` `''`) for which `caller` or `eventName` threw.
 */
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
  /** Whether it blocks its stream (`order: 'strict'`). */
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
  /** Host, boot and process name space: processes that share all of them can check whether each other runs. */
  readonly host: string;
  /** Number of its process. */
  readonly process: number;
  /** When the process started, which tells it from a later process of the same number. */
  readonly started: string;
  /** Counts up with every beat. */
  readonly beat: number;
}

/** One step of a partition. A store keeps the whole commit or nothing of it. */
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

/** The filter of dead letters; a dead letter has to match every given member. */
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
 * After any rejection the outcome is unknown: the worker repeats the same call with the same content, and a store must
 * then do nothing twice.
 */
export interface DeliveryStore {
  /** How often to commit and beat, in milliseconds. @defaultValue what suits the store. Milliseconds */
  readonly timing: { readonly commitMs: number; readonly leaseMs: number };
  /** The partitions that were ever claimed. @throws {@link EventStoreUnavailableError} */
  partitions(): Promise<readonly PartitionLease[]>;
  /** The workers of the group and their last beats. @throws {@link EventStoreUnavailableError} */
  workers(): Promise<readonly WorkerBeat[]>;
  /** Shows the other workers that this worker is alive. @throws {@link EventStoreUnavailableError} */
  beat(worker: WorkerBeat): Promise<void>;
  /** Takes this worker out of the group. @throws {@link EventStoreUnavailableError} */
  leave(workerID: string): Promise<void>;
  /**
   * Takes a partition over, if its lease still has `epoch` (`0n` for a partition that was never claimed); `undefined`
   * where another worker was faster. Until the lease is released or lost, only commits under it are kept.
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
  /** Releases a partition. @throws {@link EventStoreUnavailableError} */
  release(lease: Lease): Promise<void>;
  /** The frontier of a partition; `undefined` before its first commit. @throws {@link EventStoreUnavailableError} */
  state(partition: number): Promise<PartitionState | undefined>;
  /** Dead letters, in the order of their ids. @throws {@link EventStoreUnavailableError} */
  deadLetters(query: DeadLetterQuery): Promise<readonly DeadLetter[]>;
  /** One dead letter by its id; `undefined` where there is none. @throws {@link EventStoreUnavailableError} */
  deadLetter(id: string): Promise<DeadLetter | undefined>;
  /** The numbers of dead letters, by `<instanceID> <targetID>`. @throws {@link EventStoreUnavailableError} */
  deadLetterCounts(): Promise<ReadonlyMap<string, number>>;
  /** Stores an operator's request to a partition. @throws {@link EventStoreUnavailableError} */
  request(request: DeliveryRequest): Promise<void>;
  /** The requests that no commit has answered, the oldest first. @throws {@link EventStoreUnavailableError} */
  requests(partition: number): Promise<readonly DeliveryRequest[]>;
  /** Releases what the store has opened. It never rejects. */
  close(): Promise<void>;
}
