import { appendProposed } from '../events/appendEncoded.js';
import { checkedStore } from '../events/contract/checkedStore.js';
import type { EncodedEvent } from '../events/encodedEvent.js';
import { proposeAppend, readAppendOptions } from '../events/proposedAppend.js';
import { steadyEvents } from '../events/steadyEvents.js';
import { requireFunctions, requireNoOptions } from '../lib/reading/reading.js';
import type { AppendOptions, AppendResult, EventData, EventStore, JSONObject } from '../ports.js';
import type { AppendHook, EventApproval, PendingAppend } from './operations/appendHook.js';
import { override } from './override.js';

/** JSON of the metadata with the notes of the hook. */
function withNoted(metadata: string | null, noted: JSONObject): string {
  return JSON.stringify({ ...(metadata !== null && (JSON.parse(metadata) as JSONObject)), ...noted });
}

/** The event as it is appended. */
function withApproval(event: EncodedEvent, approval: EventApproval | undefined): EncodedEvent {
  const { amended, noted } = approval ?? {};
  if (!amended && !noted) return event;
  return {
    ...event,
    ...(amended && { data: amended.json }),
    ...(noted && { metadata: withNoted(event.metadata, noted) }),
  };
}

interface InterceptOptions {
  readonly hook: AppendHook;
  /** Draws the ids of events without one. */
  readonly generateID: () => string;
}

/**
 * The same store, whose `append` first calls the matching targets of every event, in order, and then appends once; or
 * nothing is appended. Reads and subscriptions call no target.
 *
 * @param more - further arguments, which are refused: there are no options
 */
export function interceptStore<Store extends EventStore>(
  store: Store,
  { hook, generateID }: InterceptOptions,
  more: readonly unknown[],
): Store {
  requireNoOptions(more, 'intercept');
  requireFunctions(
    store,
    ['append', 'readStream'],
    'intercept takes an event store with append and readStream',
  );
  const { readStream, firstVersion, local } = checkedStore<EventStore>(store);

  async function fireThenAppend(
    pending: PendingAppend,
    stream: string,
    events: readonly EventData[],
    taken: AppendOptions,
  ): Promise<AppendResult> {
    // Encode before the first wait: while targets are called, changes of the caller's objects then have no effect.
    const proposed = proposeAppend(stream, events, taken, generateID);
    const { events: encoded, expectedVersion } = proposed;
    const judged = encoded.map(({ id, type, data }) => ({
      id,
      type,
      data: typeof data === 'string' ? { json: data } : data,
    }));
    const approvals = await pending.fire(judged, {
      stream,
      expectedVersion,
      signal: taken.signal,
      local,
      firstVersion,
      readStream: local && readStream,
    });
    const approved = encoded.map((event, place) => withApproval(event, approvals[place]));
    return appendProposed(store, { ...proposed, events: approved }, taken);
  }

  function append(
    stream: string,
    given: readonly EventData[],
    options?: AppendOptions,
  ): Promise<AppendResult> {
    let events: readonly EventData[];
    let pending: PendingAppend | undefined;
    let taken: AppendOptions;
    try {
      taken = readAppendOptions(options);
      events = steadyEvents(given);
      pending = hook.pending(stream, events);
    } catch (error) {
      // The user's eventName may throw: the promise rejects with it.
      return Promise.reject(error);
    }
    return pending ? fireThenAppend(pending, stream, events, taken) : store.append(stream, events, options);
  }

  return override<EventStore>(store, { append }) as Store;
}
