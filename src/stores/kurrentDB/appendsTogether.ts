import { EventStoreUnavailableError, OutcomeUnknownError } from '../../errors.js';
import type { Approvals, PendingParts } from '../../hooks/operations/appendHook.js';
import { reading } from '../../lib/reading/reading.js';
import { takeEvent, type TakenEvent } from '../grpcClient/appending/clientEvent.js';
import { guardedCall, NoAnswerError } from '../grpcClient/appending/guardedAppend.js';
import { sendableEvent, type SendableEvent } from '../grpcClient/appending/sendable.js';
import { clientOf } from '../grpcClient/client/assertClient.js';
import type { ClientEvent } from '../grpcClient/client/streamsClient.js';
import { expectedVersionOf, type InterceptedClient } from '../grpcClient/interceptAppends.js';
import { onStandIn } from './standIn.js';
import { asText, metadataCopy } from './textMetadata.js';
import {
  assertSignedState,
  readRecords,
  readRequests,
  type AppendRecord,
  type AppendRequest,
  type StateCheck,
  type Together,
} from './together.js';
import { shownText } from '../../lib/shown/shownText.js';

/** Replaces the client's methods that append to several streams: they first call the matching targets of every event. */
export function interceptAppendsTogether({
  kind,
  source,
  hook,
  clock,
}: Omit<InterceptedClient, 'checkFirst'>) {
  const send = (append: Together, events: readonly (readonly ClientEvent[])[]): Promise<unknown> => {
    const client = clientOf(kind, source);
    const values = append.valuesOf(events);
    const own = Reflect.get(client, append.method) as (...given: readonly unknown[]) => Promise<unknown>;
    return guardedCall({ kind, client, clock }, () => Reflect.apply(own, client, values), {
      batch: false,
      unanswered: (reason) => unknownOutcome(append, new NoAnswerError(reason)),
    });
  };

  /**
   * Runs the client's own checks before any target is called: the client's method runs on a stand-in that sends nothing.
   */
  const rehearse = (append: Together, events: readonly (readonly ClientEvent[])[]): Promise<unknown> => {
    const client = clientOf(kind, source);
    const nothing = { execute: () => Promise.resolve() };
    const call = () =>
      onStandIn(client, append.method, nothing, ...append.valuesOf(events)) as Promise<unknown>;
    return guardedCall({ kind, client, clock }, call, {
      batch: false,
      unanswered: (reason) =>
        new EventStoreUnavailableError(
          `KurrentDB did not say whether it has ${append.method} (${reason}); nothing was sent`,
        ),
    });
  };

  const fireThenSend = async (
    pending: PendingParts,
    append: Together,
    taken: readonly (readonly TakenEvent[])[],
  ): Promise<unknown> => {
    await rehearse(append, approvedParts(taken, []));
    const approvals = await pending.fire(
      append.parts.map(({ stream, state }, part) => ({
        events: (taken[part] ?? []).map(({ judged }) => judged),
        context: { stream, expectedVersion: expectedVersionOf(state), firstVersion: 0n },
      })),
    );
    return send(append, approvedParts(taken, approvals));
  };

  const appendTogether = (read: () => Together): Promise<unknown> => {
    try {
      const { append, sendable } = reading('the append', () => {
        const taken = read();
        const written = taken.parts.map(({ stream, state, events }) => {
          assertSignedState(stream, state);
          return events.map((event, place) =>
            sendableEvent(event, false, `event ${place + 1} for ${shownText(stream)}`),
          );
        });
        return { append: taken, sendable: written };
      });
      const pending = hook.pendingTogether(append.parts);
      if (pending === undefined)
        return send(
          append,
          append.parts.map(({ events }) => events),
        );
      // Copy before the first wait: later changes of the caller's objects have no effect.
      const taken = sendable.map((written, part) =>
        written.map((json, place) => takeTogether(append.parts[part]?.events[place] as ClientEvent, json)),
      );
      return fireThenSend(pending, append, taken);
    } catch (error) {
      return Promise.reject(error);
    }
  };

  return {
    multiStreamAppend: (requests: readonly AppendRequest[]) => appendTogether(() => readRequests(requests)),
    appendRecords: (records: readonly AppendRecord[], checks?: readonly StateCheck[]) =>
      appendTogether(() => readRecords(records, checks)),
  };
}

function takeTogether(event: ClientEvent, { dataJSON }: SendableEvent): TakenEvent {
  const taken = reading('an event', () =>
    'metadata' in event ? { ...event, metadata: metadataCopy(event.metadata) } : event,
  );
  return takeEvent(taken, { dataJSON, metadataJSON: undefined });
}

function approvedParts(
  taken: readonly (readonly TakenEvent[])[],
  approvals: readonly Approvals[],
): readonly (readonly ClientEvent[])[] {
  return taken.map((events, part) =>
    events.map((event, place) => {
      const approval = approvals[part]?.[place];
      return event.approved(approval?.noted ? { ...approval, noted: asText(approval.noted) } : approval);
    }),
  );
}

function unknownOutcome({ parts }: Together, cause: NoAnswerError): OutcomeUnknownError {
  const streams = [...new Set(parts.map(({ stream }) => stream))];
  const ids = parts.flatMap(({ events }) => events.map(({ id }) => id));
  const state = streams.length === 1 ? (parts[0]?.state ?? 'any') : 'any';
  return new OutcomeUnknownError(streams.join(', '), ids, expectedVersionOf(state), {
    cause,
    detail: cause.message,
  });
}
