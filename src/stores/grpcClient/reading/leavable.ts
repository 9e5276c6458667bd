/**
 * Makes an iterable that a reader can leave while it waits. A generator alone would first wait for its next message, which
 * may never arrive in a quiet subscription. Each iteration opens its own source.
 *
 * @param open - starts an iteration, which ends when `left` is aborted
 */
export function leavable<T>(
  open: (left: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const leaving = new AbortController();
      const steps = open(leaving.signal);
      return {
        next: () => steps.next(),
        return: () => {
          leaving.abort();
          return steps.return();
        },
      };
    },
  };
}
