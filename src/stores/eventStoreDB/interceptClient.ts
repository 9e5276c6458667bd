import { hookOf, type InterceptingActions } from '../../hooks/hookOf.js';
import type { Clock } from '../../ports.js';
import { takeInterceptOptions } from '../grpcClient/interceptOptions.js';
import { interceptAppends } from '../grpcClient/interceptAppends.js';
import { interceptedClient } from '../grpcClient/interceptedClient.js';
import type { EventStoreDBClientLike } from './eventStoreDBClientSource.js';
import { eventStoreDBKind as kind } from './eventStoreDBKind.js';

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
 * - {@link OutcomeUnknownError} where the client would wait forever: there was no answer for 2 s more than the append's
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
  const { checkFirst, clock } = takeInterceptOptions(options, 'interceptClient');
  const hook = hookOf(actions);
  const appendToStream = interceptAppends({ kind, source: client, hook, clock, checkFirst });
  return interceptedClient(kind, client, { appendToStream });
}
