/** A share of memory that bodies are kept in. */
interface KeptBytes {
  /** Whether a body of this length is kept too. Once one is not, no later one is. */
  keeps(bytes: number): boolean;
}

/** Keeps bodies as long as they have at most `most` bytes in all. */
export function keptBytes(most = Infinity): KeptBytes {
  let left = most;
  return {
    keeps(bytes) {
      left = bytes <= left ? left - bytes : -1;
      return left >= 0;
    },
  };
}
