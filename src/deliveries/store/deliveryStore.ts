/** What durable delivery keeps, and asks of where it keeps it. Types only. */

/** How many parts the streams are hashed into; each is worked on by one worker at a time. */
export const partitionCount = 16;

/** One (target, stream) that has something undelivered. However many events wait behind its head, it is one row. */
export interface LaneRow {
  readonly instanceID: string;
  readonly targetID: string;
  readonly stream: string;
  /** `''`; else the replay that it belongs to. */
  readonly replay: string;
  /** `''`; under `order: 'none'` the version of its only event, in decimal digits. */
  readonly unit: string;
  /** The version that is next or, with `isDone`, the one after which the next is looked for. */
  readonly head: bigint;
  readonly isDone: boolean;
  /** Of the event at its head, as far as it was read; `''` and 0 where it was not. */
  readonly eventID: string;
  readonly eventType: string;
  readonly created: number;
  readonly attempts: number;
  /** How many of them the target answered with a status that is the event's fault. */
  readonly faults: number;
  /** When it was first tried, and when it is due. Milliseconds since the epoch, 0 for never and at once. */
  readonly firstAt: number;
  readonly nextAt: number;
  /** `blocked`: a dead letter before its head has to be replayed or discarded first (`order: 'strict'`). */
  readonly state: 'waiting' | 'blocked';
  /** Of the last answer; 0 for none. */
  readonly status: number;
  readonly reason: string;
}

export type LaneKey = Pick<LaneRow, 'instanceID' | 'targetID' | 'stream' | 'replay' | 'unit'>;

/** Why a target's events of a partition are not read on. */
export type Stop = '' | 'paused' | 'down' | 'throttled' | 'suspended';

/** Where a target, or a replay of it, is read from, where that is not the position of its partition. */
export interface CursorRow {
  readonly instanceID: string;
  readonly targetID: string;
  readonly replay: string;
  /** Everything up to here was read; `null`: it is where its partition is. */
  readonly position: bigint | null;
  /** A replay ends here, inclusive. */
  readonly until: bigint | null;
  /** The `deliverFrom` that it began with, so that it begins once. */
  readonly origin: string;
  readonly stop: Stop;
  readonly reason: string;
}

export type CursorKey = Pick<CursorRow, 'instanceID' | 'targetID' | 'replay'>;

/** Each event up to `position` is delivered, a dead letter, or at or after the head of a lane (the frontier). */
export interface PartitionState {
  readonly position: bigint;
  readonly cursors: readonly CursorRow[];
  readonly lanes: readonly LaneRow[];
}

export interface PartitionChange {
  readonly position: bigint;
  readonly putCursors: readonly CursorRow[];
  readonly removeCursors: readonly CursorKey[];
  readonly putLanes: readonly LaneRow[];
  readonly removeLanes: readonly LaneKey[];
}

/** An event that a target did not take, or whose caller could not be told (`targetID` is then `''`). */
export interface DeadLetter {
  /** The delivery id: the receiver's `webhook-id`. */
  readonly id: string;
  readonly partition: number;
  readonly instanceID: string;
  readonly targetID: string;
  readonly stream: string;
  readonly version: bigint;
  readonly position: bigint;
  readonly eventID: string;
  readonly eventType: string;
  readonly attempts: number;
  readonly firstAt: number;
  readonly parkedAt: number;
  readonly status: number;
  readonly reason: string;
  /** Whether its stream waits for it (`order: 'strict'`). */
  readonly blocks: boolean;
  readonly isReplaying: boolean;
}

/** A failed attempt. Holds no endpoint, header or body. */
export interface FailedAttempt {
  readonly deliveryID: string;
  readonly instanceID: string;
  readonly targetID: string;
  readonly at: number;
  readonly attempt: number;
  readonly durationMs: number;
  readonly status: number;
  readonly reason: string;
}

/** What an operator asks of the worker of a partition. Ids are never used again. */
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
  readonly partition: number;
  readonly workerID: string;
  readonly epoch: bigint;
}

export interface PartitionLease {
  readonly partition: number;
  readonly owner: string | undefined;
  readonly epoch: bigint;
}

/** What a worker says of itself; `beat` changes with every sign of life. */
export interface WorkerBeat {
  readonly id: string;
  /** Host, boot and process name space: processes that share it can ask for each other. */
  readonly host: string;
  readonly process: number;
  /** When the process started, so that a number that was given again is not taken for it. */
  readonly started: string;
  readonly beat: number;
}

/** One step of a partition: all of it is kept, or nothing. */
export interface Commit extends Lease {
  readonly change: PartitionChange;
  /** Dead letters, new ones and those that changed. */
  readonly parked: readonly DeadLetter[];
  readonly removed: readonly string[];
  readonly answered: readonly string[];
  readonly failures: readonly FailedAttempt[];
}

export interface DeadLetterQuery {
  readonly partition?: number | undefined;
  readonly instanceID?: string | undefined;
  readonly targetID?: string | undefined;
  readonly stream?: string | undefined;
  readonly reason?: string | undefined;
  readonly isReplaying?: boolean | undefined;
  /** Ids after this one, in the order of ids. */
  readonly after?: string | undefined;
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
  /** @defaultValue what suits the store. Milliseconds */
  readonly timing: { readonly commitMs: number; readonly leaseMs: number };
  /** Those that were ever claimed. */
  partitions(): Promise<readonly PartitionLease[]>;
  workers(): Promise<readonly WorkerBeat[]>;
  beat(worker: WorkerBeat): Promise<void>;
  leave(workerID: string): Promise<void>;
  /**
   * Takes a partition over, if its lease still has `epoch` (`0n` for one that was never claimed); `undefined` where another
   * worker was faster. Until the claim is given away or lost, only its commits are kept.
   */
  claim(
    claim: Lease,
  ): Promise<{ readonly epoch: bigint; readonly state: PartitionState | undefined } | undefined>;
  /** @returns `false`, and keeps nothing, where the lease was lost */
  commit(commit: Commit): Promise<boolean>;
  release(lease: Lease): Promise<void>;
  state(partition: number): Promise<PartitionState | undefined>;
  deadLetters(query: DeadLetterQuery): Promise<readonly DeadLetter[]>;
  deadLetter(id: string): Promise<DeadLetter | undefined>;
  /** How many there are, by `<instanceID> <targetID>`. */
  deadLetterCounts(): Promise<ReadonlyMap<string, number>>;
  request(request: DeliveryRequest): Promise<void>;
  /** Those that no commit has answered, the oldest first. */
  requests(partition: number): Promise<readonly DeliveryRequest[]>;
  close(): Promise<void>;
}
