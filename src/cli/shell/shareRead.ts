/** The share of the store that has been read, by position; for display only. */
export const shareRead = (position: bigint | undefined, head: bigint | undefined): number | undefined => {
  if (head === undefined) return undefined;
  return head === 0n ? 1 : Number(((position ?? 0n) * 1_000n) / head) / 1_000;
};
