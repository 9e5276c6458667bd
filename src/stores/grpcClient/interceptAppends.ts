import { OutcomeUnknownError } from '../../errors.js';
import type {
  Approvals,
  AppendContext,
  AppendHook,
  PendingAppend,
} from '../../hooks/operations/appendHook.js';
import { steadyEvents } from '../../events/steadyEvents.js';
import { reading } from '../../lib/reading/reading.js';
import { snapshot } from '../../lib/json/snapshot.js';
import type { Clock, EventStore, ExpectedVersion } from '../../ports.js';
import { takeEvent, type TakenEvent } from './appending/clientEvent.js';
import { guardedAppend, NoAnswerError, type AppendArguments } from './appending/guardedAppend.js';
import { assertSendable, type SendableEvent } from './appending/sendable.js';
import { staleAnswer } from './appending/staleAnswer.js';
import { clientOf } from './client/assertClient.js';
import type { ClientKind, Source } from './client/clientKind.js';
import { assertOnlyClient } from './client/loadedMessages.js';
import type { AppendOptions, AppendResult, ClientEvent, StreamState } from './client/streamsClient.js';
import { leavable } from './reading/leavable.js';
import { readStream } from './reading/readStream.js';

/** The client to intercept, and the options of the interception. */
export interface InterceptedClient {
  readonly kind: ClientKind;
  readonly source: Source;
  readonly hook: AppendHook;
  readonly clock: Clock;
  /** Whether a stale append is refused before any target is called. */
  readonly checkFirst: boolean;
}

type Events = ClientEvent | readonly ClientEvent[];

/** The client's `appendToStream`, which calls the matching targets of every event first. */
export function interceptAppends({ kind, source, hook, clock, checkFirst }: InterceptedClient) {
  const current = () => clientOf(kind, source);

  const send = (append: AppendArguments) =>
    guardedAppend({ kind, client: current(), clock }, append, (reason) =>
      unknownOutcome(kind, append, new NoAnswerError(reason)),
    );

  const checkingRead = (options: AppendOptions | undefined): EventStore['readStream'] => {
    const read = options?.credentials === undefined ? {} : { credentials: options.credentials };
    const connection = { kind, client: current, clock, read };
    return (stream, readOptions = {}) =>
      leavable((left) => readStream(connection, stream, readOptions, left));
  };

  const fireThenSend = async (
    pending: PendingAppend,
    stream: string,
    events: readonly TakenEvent[],
    options: AppendOptions | undefined,
  ): Promise<AppendResult> => {
    const expected = stateOf(kind, options);
    const context: AppendContext = {
      stream,
      expectedVersion: expectedVersionOf(expected),
      firstVersion: 0n,
      readStream: checkFirst ? checkingRead(options) : undefined,
    };
    let approvals: Approvals;
    try {
      approvals = await pending.fire(
        events.map(({ judged }) => judged),
        context,
      );
    } catch (error) {
      if (!checkFirst) throw error;
      return await staleAnswer({ kind, client: current() }, error, expected);
    }
    const approved = events.map((event, place) => event.approved(approvals[place]));
    return send({ stream, events: approved, options });
  };

  return (stream: string, given: Events, options?: AppendOptions): Promise<AppendResult> => {
    try {
      const client = current();
      const { events, sendable } = reading('the append', () => {
        const steady = steadyList(given);
        const batch = kind.usesBatch(client, options);
        if (batch) assertOnlyClient(kind);
        return { events: steady, sendable: assertSendable({ kind, batch }, stream, steady, options) };
      });
      const list = listOf(events);
      // Leave an empty name to the server, which refuses it with an error of its own.
      const pending = stream === '' ? undefined : hook.pending(stream, list);
      if (pending === undefined) return send({ stream, events, options });
      // Copy before the first wait: later changes of the caller's objects have no effect.
      const taken = list.map((event, place) => takeEvent(event, sendable[place] as SendableEvent));
      return fireThenSend(pending, stream, taken, options && snapshot(options));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** The client accepts a single event without an array: pass it on in the same form. */
function steadyList(given: Events): Events {
  if (isList(given)) return steadyEvents<ClientEvent>(given);
  return steadyEvents<ClientEvent>([given])[0] ?? given;
}

function listOf(events: Events): readonly ClientEvent[] {
  return isList(events) ? Array.from(events) : [events];
}

const isList = Array.isArray as (value: unknown) => value is readonly ClientEvent[];

const stateOf = (kind: ClientKind, options: AppendOptions | undefined): StreamState =>
  options?.[kind.expectation] ?? 'any';

/** Turns the client's expected revision into that of the port. */
export function expectedVersionOf(state: StreamState | number): ExpectedVersion {
  if (state === 'any') return 'any';
  if (state === 'no_stream') return 'no-stream';
  if (state === 'stream_exists') return 'stream-exists';
  // JavaScript callers may pass a number, which the client accepts.
  return BigInt(state);
}

function unknownOutcome(
  kind: ClientKind,
  { stream, events, options }: AppendArguments,
  cause: NoAnswerError,
): OutcomeUnknownError {
  const ids = listOf(events).map(({ id }) => id);
  const expected = expectedVersionOf(stateOf(kind, options));
  return new OutcomeUnknownError(stream, ids, expected, { cause, detail: cause.message });
}
