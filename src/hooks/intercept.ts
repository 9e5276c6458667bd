import type { AppendOptions, AppendResult, EventData, EventStore } from '../ports.js';
import type { AppendContext, AppendHook, PendingAppend } from './append.js';
import { override } from './override.js';

/**
 * The same store, whose `append` calls the matching targets of every event first: all of them, in order, then one append;
 * or nothing is appended. Reads and subscriptions call nobody.
 */
export function interceptStore<Store extends EventStore>(store: Store, hook: AppendHook): Store {
  const readStream = store.local ? store.readStream.bind(store) : undefined;

  const contextOf = (options: AppendOptions | undefined): AppendContext => ({
    expectedVersion: options?.expectedVersion ?? 'any',
    signal: options?.signal,
    local: store.local,
    firstVersion: store.firstVersion,
    readStream,
  });

  async function fireThenAppend(
    pending: PendingAppend,
    stream: string,
    events: readonly EventData[],
    options: AppendOptions | undefined,
  ): Promise<AppendResult> {
    // Taken now: what the caller does to its options while targets are called changes nothing.
    const taken = options && { ...options };
    return store.append(stream, await pending.fire(events, contextOf(taken)), taken);
  }

  function append(
    stream: string,
    events: readonly EventData[],
    options?: AppendOptions,
  ): Promise<AppendResult> {
    let pending: PendingAppend | undefined;
    try {
      pending = hook.pending(stream, events);
    } catch (error) {
      // What names events is the user's: what it throws is an answer, not an exception out of a promise.
      return Promise.reject(error);
    }
    return pending ? fireThenAppend(pending, stream, events, options) : store.append(stream, events, options);
  }

  return override<EventStore>(store, { append }) as Store;
}
