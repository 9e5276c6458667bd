import { EventStoreUnavailableError } from '../../errors.js';
import type { EventStore } from '../../ports.js';
import { takeEncoded, type AppendEncoded } from '../../events/appendEncoded.js';
import { proposeAppend, readAppendOptions } from '../../events/proposedAppend.js';
import type { EventLog } from './eventLog.js';
import type { Followers } from './followers.js';
import { readEvents } from './streamPages.js';
import { subscribeToLog } from './subscribeToLog.js';

/**
 * An event store in memory or in a local database. It implements every optional member of the port, and can be disposed of.
 */
export interface LocalEventStore extends EventStore, AsyncDisposable {
  readonly firstVersion: bigint;
  readonly local: true;
  /** Position of the last event. @throws {@link EventStoreUnavailableError} */
  head(): Promise<bigint>;
  close(): Promise<void>;
}

/** Implements the event store port over a log: checks arguments, and turns pages into iterations and subscriptions. */
export function localEventStore(
  log: EventLog,
  followers: Followers,
  generateID: () => string,
): LocalEventStore {
  let closing: Promise<void> | undefined;
  const requireOpen = (): void => {
    if (closing !== undefined)
      throw new EventStoreUnavailableError('this event store is closed; nothing was read or appended', {
        closed: true,
      });
  };
  const close = (): Promise<void> => {
    if (closing === undefined) {
      closing = log.close();
      followers.wakeAll();
    }
    return closing;
  };
  const appendEncoded: AppendEncoded = async (proposed, signal) => {
    signal?.throwIfAborted();
    requireOpen();
    return log.append(proposed, signal);
  };
  const append: EventStore['append'] = async (stream, events, options) => {
    const taken = readAppendOptions(options);
    return appendEncoded(proposeAppend(stream, events, taken, generateID), taken.signal);
  };
  takeEncoded(append, appendEncoded);
  return {
    firstVersion: 0n,
    local: true,
    append,
    readStream: (stream, options) => readEvents(log, stream, options, requireOpen),
    subscribe: (options) => subscribeToLog(log, followers, options, requireOpen),
    async head() {
      requireOpen();
      return BigInt(await log.head());
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
