import type { DeadLetter, LaneRow } from '../store/deliveryStore.js';
import { deliveryID } from '../policy/deliveryID.js';

/** A delivery that was not made yet, or was given up. */
export interface DeliveryItem {
  /** The receiver's `webhook-id`. */
  readonly id: string;
  readonly instanceID: string;
  /** `''` where `caller` or `eventName` threw, so that nobody knows whom it is for. */
  readonly targetID: string;
  readonly stream: string;
  readonly version: bigint;
  readonly eventID: string;
  readonly eventType: string;
  readonly state: 'waiting' | 'parked';
  readonly attempts: number;
  readonly firstAt: Date;
  readonly nextAttemptAt?: Date;
  readonly parkedAt?: Date;
  /** Of the last answer. */
  readonly status?: number;
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
