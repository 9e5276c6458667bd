import type { DeadLetter, LaneRow } from '../store/deliveryStore.js';
import { deliveryID } from '../policy/deliveryID.js';

/** A delivery that was not made yet, or was given up. */
export interface DeliveryItem {
  /** The receiver's `webhook-id`. */
  readonly id: string;
  /** The instance of the target. */
  readonly instanceID: string;
  /** `''` where `caller` or `eventName` threw, so that the instance is not known. */
  readonly targetID: string;
  /** The stream of the event. */
  readonly stream: string;
  /** Its place in the stream. */
  readonly version: bigint;
  /** Its id. */
  readonly eventID: string;
  /** Its type. */
  readonly eventType: string;
  /** Whether it is tried again, or is a dead letter. */
  readonly state: 'waiting' | 'parked';
  /** Calls that were made. */
  readonly attempts: number;
  /** When the first call was made. */
  readonly firstAt: Date;
  /** When the next call is due; absent for a dead letter. */
  readonly nextAttemptAt?: Date;
  /** When it was parked; absent while it waits. */
  readonly parkedAt?: Date;
  /** HTTP status of the last answer. Absent where there was no answer. */
  readonly status?: number;
  /** Why the last call failed; absent before the first. */
  readonly reason?: string;
}

/** The event at the head of a lane that has failed; of others there is nothing to tell. */
export function waitingItem(row: LaneRow): DeliveryItem | undefined {
  const { instanceID, targetID, stream, head: version, eventID, eventType, attempts, firstAt, nextAt } = row;
  if (row.isDone || eventID === '' || firstAt === 0) return undefined;
  return {
    id: deliveryID(row, { stream, version, id: eventID }),
    ...{ instanceID, targetID, stream, version, eventID, eventType, state: 'waiting', attempts },
    firstAt: new Date(firstAt),
    ...(nextAt > 0 && { nextAttemptAt: new Date(nextAt) }),
    ...(row.status > 0 && { status: row.status }),
    ...(row.reason !== '' && { reason: row.reason }),
  };
}

export function parkedItem(letter: DeadLetter): DeliveryItem {
  const { id, instanceID, targetID, stream, version, eventID, eventType, attempts, status, reason } = letter;
  return {
    ...{ id, instanceID, targetID, stream, version, eventID, eventType, state: 'parked', attempts },
    firstAt: new Date(letter.firstAt),
    parkedAt: new Date(letter.parkedAt),
    ...(status > 0 && { status }),
    ...(reason !== '' && { reason }),
  };
}
