import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { onAbort } from '../../lib/onAbort.js';
import type { Clock } from '../../ports.js';
import type { NodeResponse } from '../../zitadel/serving/nodeMessages.js';

/** How long a page may read nothing before the console ends its answer. Milliseconds. */
export const stallMs = 60_000;

/** Writes lines of JSON, each after the page has read the lines before it. */
export function createLines(response: NodeResponse, clock: Pick<Clock, 'after'>, signal: AbortSignal) {
  // The responses of HTTP/1 and HTTP/2 declare this method separately.
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
    /** Writes a line, or leaves it out where other lines wait. */
    offer(document: unknown): void {
      if (!isFull && !signal.aborted) stream.write(`${JSON.stringify(document)}\n`);
    },
  };
}
