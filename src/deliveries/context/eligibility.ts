/** Whether an event lies after what `deliverFrom` names. */
export function isEligible(
  target: { readonly deliverFrom: string; readonly durableSince?: string | undefined },
  position: bigint,
  isSameStore: boolean,
): boolean {
  const { deliverFrom, durableSince } = target;
  if (deliverFrom === 'beginning') return true;
  if (deliverFrom !== 'now') return position > BigInt(deliverFrom);
  // Positions of another store say nothing: there it begins where a worker first heard of it.
  return !isSameStore || durableSince === undefined || position > BigInt(durableSince);
}
