import { hookOf, type InterceptingActions } from '../../hooks/hookOf.js';
import { interceptAppends } from '../grpcClient/interceptAppends.js';
import { takeInterceptOptions, type InterceptSettings } from '../grpcClient/interceptOptions.js';
import { interceptedClient } from '../grpcClient/interceptedClient.js';
import type { KurrentDBClientLike } from './kurrentDBClientSource.js';
import { kurrentDBKind as kind } from './kurrentDBKind.js';
import { interceptAppendsTogether } from './appendsTogether.js';

/** The options of {@link interceptKurrentDB}. */
export interface InterceptKurrentDBOptions extends InterceptSettings {}

/**
 * Returns the same client with another `appendToStream`, `multiStreamAppend` and `appendRecords`: they call the matching
 * targets of every event in order, then append all events to all streams at once; where a call fails the append, nothing is
 * appended. All other members are unchanged. Events for streams that begin with `$` and for the library's own streams, and
 * `setStreamMetadata`, call no target. Where no execution matches, the append goes to the client unchanged.
 *
 * The client's errors pass unchanged, and `throwOnAppendFailure: false` keeps its meaning. The three methods also reject
 * with
 * - {@link TargetInterruptedError} and the other errors of a call: this attempt appended nothing;
 * - {@link InvalidArgumentError} for arguments that the client would never answer, that would end other appends or the
 *   process, or that would hide a conflict: data that do not serialise, an empty type, an id that is no UUID, a negative
 *   revision, the expectation as `expectedRevision`. Nothing was sent;
 * - {@link OutcomeUnknownError} where the client would wait forever: the server did not answer until 2 s after the append's
 *   deadline (at least 22 s), or ended the stream without an answer. After an append to several streams the error names all
 *   of them.
 *
 * The library never repeats an append. Where the server does not support `multiStreamAppend` or `appendRecords`, the call
 * rejects with the client's `UnsupportedError` before any target is called.
 *
 * @param client - the client, or a function that returns it and is called at every use, so that the application can replace
 *   the client
 * @throws {@link InvalidArgumentError} for a client of another kind, and where this process has also loaded
 *   `@eventstore/db-client`, which overwrites the messages of the client
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
