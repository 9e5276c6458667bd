/** Where a message stands among all: the transaction that it counts with, and its global position. */
export interface LogPlace {
  readonly transaction: bigint;
  readonly global: bigint;
}

const globalBits = 64n;
const largestGlobal = 2n ** 63n - 1n;
export const largestPosition = 2n ** 128n - 1n;

/** An opaque position that grows with every message: of up to 128 bits. */
export const positionOf = ({ transaction, global }: LogPlace): bigint => (transaction << globalBits) | global;

export const placeOf = (position: bigint): LogPlace => {
  const global = BigInt.asUintN(Number(globalBits), position);
  return {
    transaction: position >> globalBits,
    // A position that stands for a whole transaction is beyond its last message.
    global: global < largestGlobal ? global : largestGlobal,
  };
};

/** Beyond everything that counts with a transaction before this one. */
export const before = (transaction: bigint): bigint => (transaction << globalBits) - 1n;

export const isAfter = (place: LogPlace, other: LogPlace): boolean => positionOf(place) > positionOf(other);

/** Whether nothing more can count with the transaction of this place. */
export const isWholeTransaction = ({ global }: LogPlace): boolean => global === largestGlobal;
