import type { AppendResult, AppendToStreamOptions, EventData as ClientEvent } from '@eventstore/db-client';
import { systemClock } from '../../lib/clock.js';
import { OutcomeUnknownError } from '../../errors.js';
import type { Approvals, AppendContext, PendingAppend } from '../../hooks/operations/appendHook.js';
import { hookOf, type InterceptingActions } from '../../hooks/hookOf.js';
import { override } from '../../hooks/override.js';
import { snapshot } from '../../lib/snapshot.js';
import type { Clock, EventStore, ExpectedVersion } from '../../ports.js';
import { takeEvent, type TakenEvent } from '../grpcClient/appending/clientEvent.js';
import { assertEventStoreDBClient } from '../grpcClient/client/assertClient.js';
import { clientOf } from '../grpcClient/client/clientInternals.js';
import type { ClientSource, EventStoreDBClientLike } from '../grpcClient/client/clientSource.js';
import { guardedAppend, NoAnswerError, type AppendArguments } from '../grpcClient/appending/guardedAppend.js';
import { leavable } from '../grpcClient/reading/leavable.js';
import { readStream } from '../grpcClient/reading/readStream.js';
import { assertSendable, type SendableEvent } from '../grpcClient/appending/sendable.js';
import { staleAnswer } from '../grpcClient/appending/staleAnswer.js';
import { steadyEvents } from '../../events/steadyEvents.js';

/** How the hook treats stale appends, and measures time. */
export interface InterceptClientOptions {
  /**
   * Reads the end of the stream before any target is called and refuses a stale append then, instead of after the calls. It
   * costs a read for every append that has a target to call, made with the credentials of the append; it does not move the
   * client to another node. Where the expectation is `any` or `stream_exists` there is nothing to check.
   *
   * @defaultValue false
   */
  readonly checkFirst?: boolean;
  /** The clock of deadlines. @defaultValue the clock of the machine */
  readonly clock?: Clock;
}

type Events = ClientEvent | ClientEvent[];

/**
 * The same client, whose `appendToStream` calls the matching targets of every event first: all of them, in order, then one
 * append; or nothing is appended. Every other member is the client's own. Appends to streams that begin with `$`,
 * appends to the library's own streams and `setStreamMetadata` call no target. Where no execution matches, the append goes to
 * the client unchanged.
 *
 * Errors are the client's own, and `throwOnAppendFailure: false` keeps its meaning. Besides, `appendToStream` rejects with
 * - {@link TargetInterruptedError} and the other errors of a call: this attempt appended nothing;
 * - {@link InvalidArgumentError} where the client would never answer, or would take other appends or the process with it:
 *   data that do not serialise, an empty type, an id that is no UUID, a negative revision. Nothing was sent;
 * - {@link OutcomeUnknownError} where the client would wait for ever: there was no answer for 2 s more than the append's
 *   deadline, at least 22 s, or its stream ended without one.
 *
 * An append is never repeated. Use one client a process for appends: the client rejects what waits on all of them when the
 * connection of one breaks.
 *
 * @param client - the client, or a function that gives it at every use, so that it can be replaced
 * @throws {@link InvalidArgumentError} for a client of another kind
 */
export function interceptClient<Client extends EventStoreDBClientLike>(
  client: Client | (() => Client),
  actions: InterceptingActions,
  options: InterceptClientOptions = {},
): Client {
  const hook = hookOf(actions);
  const { checkFirst = false, clock = systemClock() } = options;

  const send = (append: AppendArguments) =>
    guardedAppend(clientOf(client), append, clock, (reason) =>
      unknownOutcome(append, new NoAnswerError(reason)),
    );

  const fireThenSend = async (
    pending: PendingAppend,
    stream: string,
    events: readonly TakenEvent[],
    sendOptions: AppendToStreamOptions | undefined,
  ): Promise<AppendResult> => {
    const read = checkFirst ? checkingRead(client, clock, sendOptions) : undefined;
    let approvals: Approvals;
    try {
      approvals = await pending.fire(
        events.map(({ judged }) => judged),
        contextOf(stream, sendOptions, read),
      );
    } catch (error) {
      if (!checkFirst) throw error;
      return await staleAnswer(clientOf(client), error, sendOptions?.expectedRevision ?? 'any');
    }
    const approved = events.map((event, place) => event.approved(approvals[place]));
    return send({ stream, events: approved, options: sendOptions });
  };

  const appendToStream = (
    stream: string,
    given: Events,
    sendOptions?: AppendToStreamOptions,
  ): Promise<AppendResult> => {
    try {
      const events = steadyList(given);
      const sendable = assertSendable(stream, events, sendOptions);
      const list = listOf(events);
      // The server refuses an empty name, in its own words.
      const pending = stream === '' ? undefined : hook.pending(stream, list);
      if (pending === undefined) return send({ stream, events, options: sendOptions });
      // Before the first wait: what the caller does to its objects while targets are called changes nothing.
      const taken = list.map((event, place) => takeEvent(event, sendable[place] as SendableEvent));
      return fireThenSend(pending, stream, taken, sendOptions && snapshot(sendOptions));
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  };

  return typeof client === 'function'
    ? following(client, appendToStream)
    : intercepted(client, appendToStream);
}

function intercepted<Client extends EventStoreDBClientLike>(client: Client, appendToStream: unknown): Client {
  assertEventStoreDBClient(client);
  return override(client, { appendToStream } as Partial<Client>);
}

/** A client that stands for the one that the source gives at each use, its class included. */
function following<Client extends EventStoreDBClientLike>(
  source: () => Client,
  appendToStream: unknown,
): Client {
  const known = new WeakMap<Client, Client>();
  const current = (): Client => {
    const client = source();
    let wrapped = known.get(client);
    if (wrapped === undefined) known.set(client, (wrapped = intercepted(client, appendToStream)));
    return wrapped;
  };
  return new Proxy({} as Client, {
    get: (_, key) => Reflect.get(current(), key) as unknown,
    set: (_, key, value) => Reflect.set(current(), key, value),
    has: (_, key) => Reflect.has(current(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(current()),
  });
}

/** One event, as the client accepts it too, stays one. */
function steadyList(given: Events): Events {
  if (Array.isArray(given)) return steadyEvents<ClientEvent>(given) as ClientEvent[];
  return steadyEvents<ClientEvent>([given])[0] ?? given;
}

function listOf(events: Events): ClientEvent[] {
  return Array.isArray(events) ? Array.from(events) : [events];
}

function contextOf(
  stream: string,
  options: AppendToStreamOptions | undefined,
  read: EventStore['readStream'] | undefined,
): AppendContext {
  return { stream, expectedVersion: expectedVersionOf(options), firstVersion: 0n, readStream: read };
}

function expectedVersionOf(options: AppendToStreamOptions | undefined): ExpectedVersion {
  // JavaScript callers may give a number, which the client takes as well.
  const revision: string | bigint | number = options?.expectedRevision ?? 'any';
  if (revision === 'any') return 'any';
  if (revision === 'no_stream') return 'no-stream';
  if (revision === 'stream_exists') return 'stream-exists';
  return BigInt(revision);
}

function checkingRead(
  client: ClientSource,
  clock: Clock,
  options: AppendToStreamOptions | undefined,
): EventStore['readStream'] {
  const read = options?.credentials === undefined ? {} : { credentials: options.credentials };
  const connection = { client: () => clientOf(client), clock, read };
  return (stream, readOptions = {}) => leavable((left) => readStream(connection, stream, readOptions, left));
}

function unknownOutcome(
  { stream, events, options }: AppendArguments,
  cause: NoAnswerError,
): OutcomeUnknownError {
  const ids = listOf(events).map(({ id }) => id);
  return new OutcomeUnknownError(stream, ids, expectedVersionOf(options), { cause, detail: cause.message });
}
