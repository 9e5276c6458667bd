import { OutcomeUnknownError } from '../../errors.js';
import type {
  Approvals,
  AppendContext,
  AppendHook,
  PendingAppend,
} from '../../hooks/operations/appendHook.js';
import { steadyEvents } from '../../events/steadyEvents.js';
import { reading } from '../../lib/reading/reading.js';
import { snapshot } from '../../lib/snapshot.js';
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

/** The client whose appends call targets, and how. */
export interface InterceptedClient {
  readonly kind: ClientKind;
  readonly source: Source;
  readonly hook: AppendHook;
  readonly clock: Clock;
  /** Whether a stale append is refused before a target is called. */
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
      // The server refuses an empty name, in its own words.
      const pending = stream === '' ? undefined : hook.pending(stream, list);
      if (pending === undefined) return send({ stream, events, options });
      // Before the first wait: what the caller does to its objects while targets are called changes nothing.
      const taken = list.map((event, place) => takeEvent(event, sendable[place] as SendableEvent));
      return fireThenSend(pending, stream, taken, options && snapshot(options));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  };
}

/** One event, as the client accepts it too, stays one. */
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

/** The client's expected revision as one of the port. */
export function expectedVersionOf(state: StreamState | number): ExpectedVersion {
  if (state === 'any') return 'any';
  if (state === 'no_stream') return 'no-stream';
  if (state === 'stream_exists') return 'stream-exists';
  // JavaScript callers may give a number, which the client takes as well.
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
