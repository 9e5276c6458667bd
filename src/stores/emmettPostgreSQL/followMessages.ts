import { EventStoreUnavailableError, InvalidArgumentError } from '../../errors.js';
import { backgroundClock, pause } from '../../lib/clock.js';
import { takeSubscribeOptions } from '../../events/portOptions.js';
import type { SubscribeOptions, SubscriptionMessage } from '../../ports.js';
import { before, largestPosition } from './logPlace.js';
import type { MessageTable } from './messageTable.js';
import { OrderedLog } from './orderedLog.js';
import { shownValue } from '../../lib/reading/shownValue.js';

/** How often a subscription with prefixes yields a checkpoint. Milliseconds. */
const checkpointMs = 10_000;

/** Yields the stored messages, then new ones; each only once no running transaction can append a message in front of it. */
export async function* followMessages(
  table: MessageTable,
  pollMs: number,
  options: SubscribeOptions,
): AsyncGenerator<SubscriptionMessage> {
  const { after, prefixes, signal } = takeSubscribeOptions(options, mostPrefixes, requirePosition);
  const isOver = (): boolean => signal.aborted;
  const clock = backgroundClock();
  const log = new OrderedLog(table, after, prefixes);
  let looked: bigint | undefined;
  let toldAt = clock.elapsed();
  if (!isOver()) await requireOwnCluster(table);
  while (!isOver()) {
    const { oldestRunning } = await table.transactions();
    // Without an ended transaction since the last look there are no new messages.
    if (oldestRunning !== looked) {
      for await (const event of log.readTo(oldestRunning)) {
        if (isOver()) return;
        yield event;
      }
      const isFirst = looked === undefined;
      looked = oldestRunning;
      const position = before(oldestRunning);
      if (isFirst) yield { caughtUp: true, position };
      else if (prefixes !== undefined && clock.elapsed() - toldAt >= checkpointMs) {
        toldAt = clock.elapsed();
        yield { checkpoint: position };
      }
    }
    await pause(clock, pollMs, signal);
  }
}

/** Each prefix is a part of one query. */
const mostPrefixes = 100;

function requirePosition(after: unknown): bigint {
  if (typeof after === 'bigint' && after >= 0n && after <= largestPosition) return after;
  throw new InvalidArgumentError(
    `after is a position that this source has yielded, not ${shownValue(after)}; nothing was read`,
  );
}

/** @throws {@link EventStoreUnavailableError} where messages name transactions that this server has not begun yet */
async function requireOwnCluster(table: MessageTable): Promise<void> {
  const newest = await table.newestTransaction();
  const { next } = await table.transactions();
  if (newest >= next)
    throw new EventStoreUnavailableError(
      `Emmett's messages name transaction ${newest}, but the next transaction of the server is ${next}: the database was ` +
        'restored from a dump, and messages would wait until the server reaches that number. Set their transaction_id to a ' +
        'smaller one, then call resetTo(0n), or resetTo() with the position where deliveries are to continue; nothing was read',
    );
}
