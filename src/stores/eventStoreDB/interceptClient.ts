import { hookOf, type InterceptingActions } from '../../hooks/hookOf.js';
import { takeInterceptOptions, type InterceptSettings } from '../grpcClient/interceptOptions.js';
import { interceptAppends } from '../grpcClient/interceptAppends.js';
import { interceptedClient } from '../grpcClient/interceptedClient.js';
import type { EventStoreDBClientLike } from './eventStoreDBClientSource.js';
import { eventStoreDBKind as kind } from './eventStoreDBKind.js';

/** The options of {@link interceptClient}. */
export interface InterceptClientOptions extends InterceptSettings {}

/**
 * Returns the same client with another `appendToStream`: it calls the matching targets of every event in order, then
 * appends all events at once; where a call fails the append, nothing is appended. All other members are unchanged. Appends
 * to streams that begin with `$`, appends to the library's own streams and `setStreamMetadata` call no target. Where no
 * execution matches, the append goes to the client unchanged.
 *
 * The client's errors pass unchanged, and `throwOnAppendFailure: false` keeps its meaning. `appendToStream` also rejects
 * with
 * - {@link TargetInterruptedError} and the other errors of a call: this attempt appended nothing;
 * - {@link InvalidArgumentError} for arguments that the client would never answer, or that would end other appends or the
 *   process: data that do not serialise, an empty type, an id that is no UUID, a negative revision. Nothing was sent;
 * - {@link OutcomeUnknownError} where the client would wait forever: the server did not answer until 2 s after the append's
 *   deadline (at least 22 s), or ended the stream without an answer.
 *
 * The library never repeats an append. Use one client per process for appends: where the connection of one client breaks,
 * the package rejects the pending appends of all clients of the process.
 *
 * @param client - the client, or a function that returns it and is called at every use, so that the application can replace
 *   the client
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
