/**
 * An iterable that can be left while it waits. A generator alone would wait for its next message first, which a quiet
 * subscription never gets. Each iteration opens its own source.
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
