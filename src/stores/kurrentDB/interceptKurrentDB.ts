import { hookOf, type InterceptingActions } from '../../hooks/hookOf.js';
import type { Clock } from '../../ports.js';
import { interceptAppends } from '../grpcClient/interceptAppends.js';
import { takeInterceptOptions } from '../grpcClient/interceptOptions.js';
import { interceptedClient } from '../grpcClient/interceptedClient.js';
import type { KurrentDBClientLike } from './kurrentDBClientSource.js';
import { kurrentDBKind as kind } from './kurrentDBKind.js';
import { interceptAppendsTogether } from './appendsTogether.js';

/** How the hook treats stale appends, and measures time. */
export interface InterceptKurrentDBOptions {
  /**
   * Reads the end of the stream before any target is called and refuses a stale `appendToStream` then, instead of after the
   * calls. It costs a read for every append that has a target to call, made with the credentials of the append; it does not
   * move the client to another node. Where the expectation is `any` or `stream_exists` there is nothing to check.
   * `multiStreamAppend` and `appendRecords` are not checked first.
   *
   * @defaultValue false
   */
  readonly checkFirst?: boolean;
  /** The clock of deadlines. @defaultValue the clock of the machine */
  readonly clock?: Clock;
}

/**
 * The same client, whose `appendToStream`, `multiStreamAppend` and `appendRecords` call the matching targets of every event
 * first: all of them, in order, then one append over all its streams; or nothing is appended. Every other member is the
 * client's own. Events for streams that begin with `$` and for the library's own streams, and `setStreamMetadata`, call no
 * target. Where no execution matches, the append goes to the client unchanged.
 *
 * Errors are the client's own, and `throwOnAppendFailure: false` keeps its meaning. Besides, the three reject with
 * - {@link TargetInterruptedError} and the other errors of a call: this attempt appended nothing;
 * - {@link InvalidArgumentError} where the client would never answer, would take other appends or the process with it, or
 *   would lose a conflict: data that do not serialise, an empty type, an id that is no UUID, a negative revision, the
 *   expectation as `expectedRevision`. Nothing was sent;
 * - {@link OutcomeUnknownError} where the client would wait forever: there was no answer for 2 s more than the append's
 *   deadline, at least 22 s, or its stream ended without one. Of an append to several streams it names them all.
 *
 * An append is never repeated. Where a server does not have `multiStreamAppend` or `appendRecords`, the client's
 * `UnsupportedError` comes before any target is called.
 *
 * @param client - the client, or a function that gives it at every use, so that it can be replaced
 * @throws {@link InvalidArgumentError} for a client of another kind, and where this process has loaded
 *   `@eventstore/db-client` as well, which overwrites the messages of the client
 */
export function interceptKurrentDB<Client extends KurrentDBClientLike>(
  client: Client | (() => Client),
  actions: InterceptingActions,
  options: InterceptKurrentDBOptions = {},
): Client {
  const hook = hookOf(actions);
  const intercepted = { kind, source: client, hook, ...takeInterceptOptions(options, 'interceptKurrentDB') };
  return interceptedClient(kind, client, {
    appendToStream: interceptAppends(intercepted),
    ...interceptAppendsTogether(intercepted),
  });
}
