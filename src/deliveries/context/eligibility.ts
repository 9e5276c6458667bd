/** Whether `deliverFrom` lets an event through. */
export function isEligible(
  target: { readonly deliverFrom: string; readonly durableSince?: string | undefined },
  position: bigint,
  isSameStore: boolean,
): boolean {
  const { deliverFrom, durableSince } = target;
  if (deliverFrom === 'beginning') return true;
  if (deliverFrom !== 'now') return position > BigInt(deliverFrom);
  // `durableSince` is no position of another store: there the target begins where a worker first saw it.
  return !isSameStore || durableSince === undefined || position > BigInt(durableSince);
}
