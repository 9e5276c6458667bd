/**
 * An iterable that can be left while it waits. A generator alone would first wait for whatever comes next, which on a quiet
 * subscription is for ever. Every iteration is opened anew.
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
