import { InvalidArgumentError } from '../../../errors.js';
import { reading } from '../../../lib/reading/reading.js';
import { hasMethod } from './clientShape.js';
import { assertOnlyClient } from './loadedMessages.js';
import type { ClientKind, Source } from './clientKind.js';
import type { StreamsClient } from './streamsClient.js';
import { shownType } from '../../../lib/reading/shownValue.js';

const known = new WeakMap<object, ClientKind>();

/**
 * Refuses a client of another kind: its other methods of appending would call no target, and its other name for the
 * expected revision would hide conflicts.
 *
 * @throws {@link InvalidArgumentError}
 */
export function assertClient(kind: ClientKind, client: unknown): asserts client is object {
  if (typeof client !== 'object' || client === null)
    throw new InvalidArgumentError(
      `the client is a client of ${kind.package}, or a function that returns one, not ${shownType(client)}; nothing was opened`,
    );
  if (known.get(client) === kind) return;
  const missing = reading('the client', () => {
    const refusal = kind.refusalOf(client);
    if (refusal !== undefined) throw new InvalidArgumentError(`${refusal}; nothing was opened`);
    return kind.members.filter((member) => !hasMethod(client, member));
  });
  if (missing.length > 0)
    throw new InvalidArgumentError(
      `this is no client of ${kind.package} ${kind.versions}: it has no ${missing.join(', ')}; nothing was opened`,
    );
  assertOnlyClient(kind);
  known.set(client, kind);
}

/** @throws {@link InvalidArgumentError} for a client of another kind */
export function clientOf(kind: ClientKind, source: Source): StreamsClient {
  const client: unknown = typeof source === 'function' ? (source as () => object)() : source;
  assertClient(kind, client);
  return client as StreamsClient;
}
