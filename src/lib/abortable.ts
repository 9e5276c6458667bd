import { onAbort } from './onAbort.js';

/**
 * Settles as `waiting` does, or rejects with the reason of `signal` as soon as that aborts. An abort does not stop the
 * work behind `waiting`.
 */
export async function abortable<Result>(
  waiting: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return waiting;
  let stopWaiting: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stopWaiting = onAbort(signal, () => {
      reject(signal.reason as Error);
    });
  });
  try {
    return await Promise.race([waiting, aborted]);
  } finally {
    stopWaiting();
  }
}
