import { eventIDOf } from '../../events/eventID.js';
import type { AppendHook, JudgedEvent, PendingAppend } from '../../hooks/operations/appendHook.js';
import { hookOf, type InterceptingActions } from '../../hooks/hookOf.js';
import { reading, requireFunctions, requireNoOptions } from '../../lib/reading/reading.js';
import { override } from '../../hooks/override.js';
import { writeJSON } from '../../lib/json.js';
import { approvedData } from './approvedData.js';
import type { EmmettEvent, EmmettStore, HookedStore, WithSession } from './emmettStore.js';
import { takeEvents } from './takenEvents.js';
import { steadyEvents } from '../../events/steadyEvents.js';

/**
 * The same store of Emmett, whose `appendToStream` calls the matching targets of every event first: all of them, in order,
 * then one append; or nothing is appended. So does the store of every session that `withSession` opens, which is the one
 * that `CommandHandler` uses. Every other member is the store's own: reads, hooks and projections call no target. Where no
 * execution matches, the append goes to the store unchanged.
 *
 * Errors of the store are its own: a conflict is still Emmett's. Besides, `appendToStream` rejects with
 * {@link TargetInterruptedError} and the other errors of a call: this attempt appended nothing. Data that have no JSON, a
 * `bigint` say, are an error of each target that would be sent them.
 *
 * Events get their ids from the store. The `event_id` that targets are sent therefore names the call only, unless the event
 * brings a UUID in `metadata.messageId`, with or without hyphens; they are not told a `sequence`, and a stale append is found by the store, after
 * the calls.
 *
 * What is appended is a copy of what the events held when the append was asked for, with exactly the JSON that targets
 * approved. Values that JSON writes as something else, a `Date` say, stay what they are where no target changed them. Type,
 * metadata and kind stay in any case.
 *
 * @throws {@link InvalidArgumentError} for actions that `createActions` did not make, and for options: there are none
 */
export function interceptEmmett<Store extends EmmettStore>(
  store: Store,
  actions: InterceptingActions,
  ...more: readonly never[]
): Store {
  requireNoOptions(more, 'interceptEmmett');
  const hook = hookOf(actions);
  requireFunctions(store, ['appendToStream'], 'this is no event store of Emmett');
  return intercepted(store, hook) as unknown as Store;
}

function intercepted(store: HookedStore, hook: AppendHook): HookedStore {
  async function fireThenAppend(
    pending: PendingAppend,
    [stream, given, options, ...more]: Parameters<HookedStore['appendToStream']>,
  ): Promise<unknown> {
    // Before the first wait: what the caller does to its objects while targets are called changes nothing.
    const taken = takeEvents(given);
    const takenOptions = options && { ...options };
    const judged = taken.events.map((event, place) => judgedEvent(event, pending.mayCall(place)));
    const approvals = await pending.fire(judged, { stream, expectedVersion: 'any' });
    const approved = taken.unchanged().map((event, place) => {
      const { amended, noted } = approvals[place] ?? {};
      return {
        ...event,
        ...(amended && { data: approvedData(event.data, amended.value) }),
        ...(noted && { metadata: { ...event.metadata, ...noted } }),
      };
    });
    return store.appendToStream(stream, approved, takenOptions, ...more);
  }

  const appendToStream: HookedStore['appendToStream'] = (...append) => {
    try {
      const [stream, given, ...more] = append;
      const events = steadyEvents(given);
      const pending = hook.pending(stream, events);
      return pending
        ? fireThenAppend(pending, [stream, events, ...more])
        : store.appendToStream(stream, events, ...more);
    } catch (error) {
      // The user's eventName may throw: the promise rejects with it.
      return Promise.reject(error);
    }
  };

  const withSession: WithSession = (callback, ...more) =>
    store.withSession?.(
      (session, ...rest) =>
        callback(override(session, { eventStore: intercepted(session.eventStore, hook) }), ...rest),
      ...more,
    );

  const hasSessions = reading('the event store', () => typeof store.withSession === 'function');
  return override(store, { appendToStream, ...(hasSessions && { withSession }) });
}

/** The data of an event that has no targets are shown to none, so they are not written as JSON. */
function judgedEvent({ type, data, metadata }: EmmettEvent, mayCall: boolean): JudgedEvent {
  if (!mayCall) return { type, data: { json: 'null' } };
  return {
    type,
    id: eventIDOf(metadata?.['messageId']),
    data: data instanceof Uint8Array ? data : writeJSON(data),
  };
}
