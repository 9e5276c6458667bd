import type { DeadLetter, LaneRow } from '../store/deliveryStore.js';
import { deliveryID } from '../policy/deliveryID.js';

/** A delivery that waits, or a dead letter. */
export interface DeliveryItem {
  /** The receiver's `webhook-id`. */
  readonly id: string;
  /** The instance of the target. */
  readonly instanceID: string;
  /** The id of the target; `''` where `caller` or `eventName` threw, so that the target is not known. */
  readonly targetID: string;
  /** The stream of the event. */
  readonly stream: string;
  /** The version of the event in its stream. */
  readonly version: bigint;
  /** Its id. */
  readonly eventID: string;
  /** Its type. */
  readonly eventType: string;
  /** `waiting`: the delivery is tried again; `parked`: it is a dead letter. */
  readonly state: 'waiting' | 'parked';
  /** How many calls of this delivery were made. */
  readonly attempts: number;
  /** When the first call was made. */
  readonly firstAt: Date;
  /** When the next call is due; absent for a dead letter. */
  readonly nextAttemptAt?: Date;
  /** When the delivery became a dead letter; absent while it waits. */
  readonly parkedAt?: Date;
  /** HTTP status of the last answer. Absent where there was no answer. */
  readonly status?: number;
  /** Why the last call failed; absent before the first. */
  readonly reason?: string;
}

/** The delivery at the head of a lane; `undefined` for a lane whose head has not failed. */
export function waitingItem(row: LaneRow): DeliveryItem | undefined {
  const { instanceID, targetID, stream, head: version, eventID, eventType, attempts, firstAt, nextAt } = row;
  if (row.isDone || eventID === '' || firstAt === 0) return undefined;
  return {
    id: deliveryID(row, { stream, version, id: eventID }),
    instanceID,
    targetID,
    stream,
    version,
    eventID,
    eventType,
    state: 'waiting',
    attempts,
    firstAt: new Date(firstAt),
    ...(nextAt > 0 && { nextAttemptAt: new Date(nextAt) }),
    ...(row.status > 0 && { status: row.status }),
    ...(row.reason !== '' && { reason: row.reason }),
  };
}

export function parkedItem(letter: DeadLetter): DeliveryItem {
  const { id, instanceID, targetID, stream, version, eventID, eventType, attempts, status, reason } = letter;
  return {
    id,
    instanceID,
    targetID,
    stream,
    version,
    eventID,
    eventType,
    state: 'parked',
    attempts,
    firstAt: new Date(letter.firstAt),
    parkedAt: new Date(letter.parkedAt),
    ...(status > 0 && { status }),
    ...(reason !== '' && { reason }),
  };
}
