import { setImmediate as nextTurn } from 'node:timers/promises';
import { InvalidArgumentError } from '../../errors.js';
import type { ReadOptions, RecordedEvent } from '../../ports.js';
import { requireStreamName, requireU64 } from '../../events/proposedAppend.js';
import { iterateEvents, type Pages } from './eventIteration.js';
import { type EventLog, pageEvents } from './eventLog.js';
import { requireSignal } from '../../lib/requireSignal.js';

/** The events of one stream, in pages. Each iteration reads from the start. */
export function readEvents(
  log: EventLog,
  stream: string,
  options: ReadOptions | undefined = {},
  requireOpen: () => void,
): AsyncIterable<RecordedEvent> {
  const { signal } = options;
  return iterateEvents(log, () => ({
    pages: readPages(log, stream, options, requireOpen),
    ended: () => signal?.aborted ?? false,
  }));
}

async function* readPages(
  log: EventLog,
  stream: string,
  options: ReadOptions,
  requireOpen: () => void,
): Pages<never> {
  const { signal } = options;
  const step = requireStep(options.direction ?? 'forwards');
  let left = requireLimit(options.limit);
  let from =
    options.from === undefined
      ? step === 1
        ? 0
        : Number.MAX_SAFE_INTEGER
      : Math.min(Number(requireU64(options.from, 'from')), Number.MAX_SAFE_INTEGER);
  requireStreamName(stream);
  requireSignal(signal);
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

export function requireStep(direction: unknown): 1 | -1 {
  if (direction === 'forwards') return 1;
  if (direction === 'backwards') return -1;
  throw new InvalidArgumentError(`direction is 'forwards' or 'backwards', not ${JSON.stringify(direction)}`);
}

export function requireLimit(limit: number | undefined): number {
  if (limit === undefined) return Infinity;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new InvalidArgumentError(`limit is a whole number of at least 1, not ${String(limit)}`);
  return limit;
}
