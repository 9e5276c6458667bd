import { setImmediate as nextTurn } from 'node:timers/promises';
import { takeReadOptions } from '../../events/portOptions.js';
import { requireStreamName } from '../../events/proposedAppend.js';
import type { ReadOptions, RecordedEvent } from '../../ports.js';
import { positionOf } from './logPlace.js';
import { pageMessages, type MessageTable } from './messageTable.js';
import { recordedMessage, type Message } from './messages.js';

const largestVersion = 2n ** 63n - 1n;

/** Yields the events of one stream, also those that no subscription has yielded yet. */
export async function* readMessages(
  table: MessageTable,
  stream: string,
  options?: ReadOptions,
): AsyncGenerator<RecordedEvent> {
  const taken = takeReadOptions(options);
  const { isBackwards, signal } = taken;
  const step = isBackwards ? -1 : 1;
  let left = taken.limit ?? Infinity;
  let from = taken.from ?? (isBackwards ? largestVersion : 0n);
  requireStreamName(stream);
  for (;;) {
    signal?.throwIfAborted();
    const limit = Math.min(left, pageMessages);
    if (from > largestVersion) from = largestVersion;
    const { messages, isWhole } = await table.stream(stream, from, step, limit);
    for (const event of await recorded(table, messages)) {
      yield event;
      signal?.throwIfAborted();
    }
    left -= messages.length;
    const last = messages.at(-1);
    if (isWhole || last === undefined || left === 0) break;
    from = last.version + BigInt(step);
    await nextTurn();
  }
}

/** Gives each message its position: a message is ordered with the newest transaction up to it in its stream. */
async function recorded(
  table: MessageTable,
  messages: readonly Message[],
): Promise<readonly RecordedEvent[]> {
  const upwards = [...messages].sort((one, other) => (one.version < other.version ? -1 : 1));
  const [first] = upwards;
  if (first === undefined) return [];
  let [newest = 0n] = await table.newestBefore([first]);
  const positions = new Map<Message, bigint>();
  for (const message of upwards) {
    if (message.transaction > newest) newest = message.transaction;
    positions.set(message, positionOf({ transaction: newest, global: message.global }));
  }
  return messages.map((message) => recordedMessage(message, positions.get(message) ?? 0n));
}
