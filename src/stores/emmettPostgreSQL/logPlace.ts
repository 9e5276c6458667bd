/** The place of a message in the log: the transaction that the message is ordered with, and its global position. */
export interface LogPlace {
  readonly transaction: bigint;
  readonly global: bigint;
}

const globalBits = 64n;
const largestGlobal = 2n ** 63n - 1n;
export const largestPosition = 2n ** 128n - 1n;

/** An opaque position of up to 128 bits that grows with every message. */
export const positionOf = ({ transaction, global }: LogPlace): bigint => (transaction << globalBits) | global;

export const placeOf = (position: bigint): LogPlace => {
  const global = BigInt.asUintN(Number(globalBits), position);
  return {
    transaction: position >> globalBits,
    // A position of a whole transaction is beyond the last message of that transaction.
    global: global < largestGlobal ? global : largestGlobal,
  };
};

/** The position after all messages that are ordered with earlier transactions. */
export const before = (transaction: bigint): bigint => (transaction << globalBits) - 1n;

export const isAfter = (place: LogPlace, other: LogPlace): boolean => positionOf(place) > positionOf(other);

/** Whether no further message can be ordered with the transaction of this place. */
export const isWholeTransaction = ({ global }: LogPlace): boolean => global === largestGlobal;
