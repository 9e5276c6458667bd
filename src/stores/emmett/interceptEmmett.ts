import type { AppendHook, PendingAppend } from '../../hooks/append.js';
import { hookOf, type InterceptingActions } from '../../hooks/hookOf.js';
import { override } from '../../hooks/override.js';
import type { EventData } from '../../ports.js';
import { approvedData } from './approvedData.js';
import { takenValue } from './takenValue.js';
import type { EmmettEvent, EmmettStore, HookedStore, WithSession } from './emmettStore.js';

/**
 * The same store of Emmett, whose `appendToStream` calls the matching targets of every event first: all of them, in order,
 * then one append; or nothing is appended. So does the store of every session that `withSession` opens, which is the one
 * that `CommandHandler` uses. Every other member is the store's own: reads, hooks and projections call nobody. Where nothing
 * matches the append is handed on as it is.
 *
 * Errors of the store are its own: a conflict is still Emmett's. Besides, `appendToStream` rejects with
 * - {@link TargetInterruptedError} and the other errors of a call: this attempt appended nothing;
 * - {@link InvalidArgumentError} where somebody is to be called for an event whose data have no JSON, a `bigint` say.
 *   Nobody was called and nothing was appended.
 *
 * Events get their ids from the store. The `event_id` that targets are sent therefore names the call only, unless the event
 * brings a UUID in `metadata.messageId`; they are not told a `sequence`, and a stale append is found by the store, after
 * the calls.
 *
 * What is appended has exactly the JSON that targets approved. Values that JSON writes as something else, a `Date` say, stay
 * what they are where no target changed them. Type, metadata and kind stay in any case.
 *
 * @throws {@link InvalidArgumentError} for actions that `createActions` did not make
 */
export function interceptEmmett<Store extends EmmettStore>(
  store: Store,
  actions: InterceptingActions,
): Store {
  return intercepted(store, hookOf(actions)) as unknown as Store;
}

function intercepted(store: HookedStore, hook: AppendHook): HookedStore {
  async function fireThenAppend(
    pending: PendingAppend,
    isCalledFor: readonly boolean[],
    [stream, events, options, ...more]: Parameters<HookedStore['appendToStream']>,
  ): Promise<unknown> {
    // Taken now: what the caller does to them while targets are called changes nothing.
    const list = Array.from(events, (event) => ({
      ...event,
      data: takenValue(event.data),
      ...(event.metadata && { metadata: takenValue(event.metadata) as typeof event.metadata }),
    }));
    const taken = options && { ...options };
    const proposed = list.map((event, place) => proposedEvent(event, isCalledFor[place] === true));
    const approved = await pending.fire(proposed, { expectedVersion: 'any' });
    const approvedEvents = list.map((event, place) => {
      const { data, metadata } = (isCalledFor[place] === true ? approved[place] : undefined) ?? {};
      if (data === undefined) return event;
      return {
        ...event,
        data: approvedData(event.data, data),
        ...(metadata && { metadata: { ...event.metadata, ...metadata } }),
      };
    });
    return store.appendToStream(stream, approvedEvents, taken, ...more);
  }

  const appendToStream: HookedStore['appendToStream'] = (...append) => {
    const [stream, events] = append;
    try {
      const pending = hook.pending(stream, events);
      if (pending === undefined) return store.appendToStream(...append);
      // The same index answers: nothing else runs in between.
      const isCalledFor = events.map((event) => hook.pending(stream, [event]) !== undefined);
      return fireThenAppend(pending, isCalledFor, append);
    } catch (error) {
      // What names events is the user's: what it throws is an answer, not an exception out of a promise.
      return Promise.reject(error);
    }
  };

  const withSession: WithSession = (callback, ...more) =>
    store.withSession?.(
      (session, ...rest) =>
        callback(override(session, { eventStore: intercepted(session.eventStore, hook) }), ...rest),
      ...more,
    );

  const hasSessions = typeof store.withSession === 'function';
  return override(store, { appendToStream, ...(hasSessions && { withSession }) });
}

/** Nobody is sent the data of an event that nobody is called for, so they need no JSON. */
function proposedEvent({ type, data, metadata }: EmmettEvent, isCalledFor: boolean): EventData {
  if (!isCalledFor) return { type, data: null };
  const id = messageIDOf(metadata);
  return { type, data: data as EventData['data'], ...(id !== undefined && { id }) };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const nilUUID = /^[0-]+$/;

/** The id that the event brings; one that is no UUID cannot name a call. */
function messageIDOf(metadata: EmmettEvent['metadata']): string | undefined {
  const id = metadata?.['messageId'];
  return typeof id === 'string' && uuid.test(id) && !nilUUID.test(id) ? id : undefined;
}
