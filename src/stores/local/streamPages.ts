import { setImmediate as nextTurn } from 'node:timers/promises';
import { takeReadOptions, type TakenRead } from '../../events/portOptions.js';
import { requireStreamName } from '../../events/proposedAppend.js';
import { takeNow } from '../../lib/reading/takeNow.js';
import type { ReadOptions, RecordedEvent } from '../../ports.js';
import { iterateEvents, type Pages } from './eventIteration.js';
import { type EventLog, pageEvents } from './eventLog.js';

/** Reads the events of one stream in pages. Each iteration starts at the beginning, and rejects for invalid options. */
export function readEvents(
  log: EventLog,
  stream: string,
  options: ReadOptions | undefined,
  requireOpen: () => void,
): AsyncIterable<RecordedEvent> {
  const taken = takeNow(() => takeReadOptions(options));
  return iterateEvents(log, () => {
    let signal: AbortSignal | undefined;
    async function* pages(): Pages<never> {
      const read = taken();
      signal = read.signal;
      yield* readPages(log, stream, read, requireOpen);
    }
    return { pages: pages(), ended: () => signal?.aborted ?? false };
  });
}

async function* readPages(
  log: EventLog,
  stream: string,
  options: TakenRead,
  requireOpen: () => void,
): Pages<never> {
  const { isBackwards, signal } = options;
  let left = options.limit ?? Infinity;
  const step = isBackwards ? -1 : 1;
  const start = options.from ?? (isBackwards ? undefined : 0n);
  let from = start === undefined ? Number.MAX_SAFE_INTEGER : Math.min(Number(start), Number.MAX_SAFE_INTEGER);
  requireStreamName(stream);
  for (;;) {
    signal?.throwIfAborted();
    requireOpen();
    const wanted = Math.min(left, pageEvents);
    const events = await log.readStream(stream, from, step, wanted);
    const last = events.at(-1);
    if (last !== undefined) yield events;
    left -= events.length;
    if (last === undefined || left === 0) break;
    if (events.length < wanted && log.hasShortPages !== true) break;
    from = last[2] + step;
    if (from < 0) break;
    await nextTurn();
  }
  signal?.throwIfAborted();
}
