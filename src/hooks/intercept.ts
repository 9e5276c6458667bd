import type { AppendOptions, AppendResult, EventData, EventStore } from '../ports.js';
import type { AppendContext, AppendHook } from './append.js';
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

  function append(
    stream: string,
    events: readonly EventData[],
    options?: AppendOptions,
  ): Promise<AppendResult> {
    const pending = hook.pending(stream, events);
    if (!pending) return store.append(stream, events, options);
    return pending
      .fire(events, contextOf(options))
      .then((approved) => store.append(stream, approved, options));
  }

  return override<EventStore>(store, { append }) as Store;
}
