import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/** The streams that are piped into a response. */
export interface PipedIn {
  /** Destroys these streams and each stream that is piped in later, so that their files are closed. */
  letGo(): void;
}

export function watchPipes(response: ServerResponse): PipedIn {
  const sources = new Set<Readable>();
  let isOver = false;

  function end(source: Readable): void {
    source.unpipe(response);
    source.destroy();
  }
  response.on('pipe', (source: Readable) => {
    if (isOver) process.nextTick(end, source);
    else sources.add(source);
  });
  response.on('unpipe', (source: Readable) => {
    // A response whose connection closes also emits `unpipe`: keep its sources.
    if (!response.destroyed) sources.delete(source);
  });

  return {
    letGo() {
      isOver = true;
      for (const source of [...sources]) end(source);
      sources.clear();
    },
  };
}
