/**
 * Settles as `waiting` does, or rejects with the reason of `signal` as soon as that aborts. What is waited for goes on; a
 * signal that was aborted before is the caller's to look at.
 */
export async function abortable<Result>(
  waiting: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return waiting;
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([waiting, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
