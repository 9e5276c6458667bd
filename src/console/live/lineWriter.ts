import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { onAbort } from '../../lib/onAbort.js';
import type { Clock } from '../../ports.js';
import type { NodeResponse } from '../../zitadel/serving/nodeMessages.js';

/** A page that takes nothing for so long is cut off. Milliseconds. */
export const stallMs = 60_000;

/** Writes lines of JSON, each once the page has taken what came before. */
export function createLines(response: NodeResponse, clock: Pick<Clock, 'after'>, signal: AbortSignal) {
  // The two kinds of response declare this separately.
  const stream = response as ServerResponse;
  let isFull = false;

  return {
    async write(document: unknown): Promise<void> {
      if (stream.write(`${JSON.stringify(document)}\n`)) return;
      isFull = true;
      const cancel = clock.after(stallMs, () => response.destroy());
      const stop = onAbort(signal, cancel);
      try {
        await once(stream, 'drain', { signal });
      } finally {
        isFull = false;
        cancel();
        stop();
      }
    },
    /** A line that may be left out: not where others wait. */
    offer(document: unknown): void {
      if (!isFull && !signal.aborted) stream.write(`${JSON.stringify(document)}\n`);
    },
  };
}
