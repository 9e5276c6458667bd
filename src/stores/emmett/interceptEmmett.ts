import { eventIDOf } from '../../events/eventID.js';
import type { AppendHook, JudgedEvent, PendingAppend } from '../../hooks/operations/appendHook.js';
import { hookOf, type InterceptingActions } from '../../hooks/hookOf.js';
import { reading, requireFunctions, requireNoOptions } from '../../lib/reading/reading.js';
import { override } from '../../hooks/override.js';
import { writeJSON } from '../../lib/json/json.js';
import { approvedData } from './approvedData.js';
import type { EmmettEvent, EmmettStore, HookedStore, WithSession } from './emmettStore.js';
import { takeEvents } from './takenEvents.js';
import { steadyEvents } from '../../events/steadyEvents.js';

/**
 * Returns the same Emmett store with another `appendToStream`: it calls the matching targets of every event in order, then
 * appends all events at once; where a call fails the append, nothing is appended. The store of every session that
 * `withSession` opens does the same; `CommandHandler` uses such a session. All other members are unchanged: reads, hooks
 * and projections call no target. Where no execution matches, the append goes to the store unchanged.
 *
 * The store's errors pass unchanged: a conflict is Emmett's error. `appendToStream` also rejects with {@link
 * TargetInterruptedError} and the other errors of a call: this attempt appended nothing. Data that JSON cannot express, a
 * `bigint` for example, are an error of each target that would receive them.
 *
 * The store gives events their ids. The `event_id` in a call therefore names the call alone, unless the event has a UUID in
 * `metadata.messageId`, with or without hyphens. Calls have no `sequence`, and the store finds a stale append only after
 * the calls.
 *
 * The library appends a copy of the events as they were when the append was called, with exactly the JSON that the targets
 * approved. Values that JSON writes as another type, a `Date` for example, are kept where no target changed them. Type,
 * metadata and kind are never changed.
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
    // Copy before the first wait: later changes of the caller's objects have no effect.
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
      // The user's `eventName` may throw: the promise rejects with that error.
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

/** An event without targets is not written as JSON: no target reads its data. */
function judgedEvent({ type, data, metadata }: EmmettEvent, mayCall: boolean): JudgedEvent {
  if (!mayCall) return { type, data: { json: 'null' } };
  return {
    type,
    id: eventIDOf(metadata?.['messageId']),
    data: data instanceof Uint8Array ? data : writeJSON(data),
  };
}
