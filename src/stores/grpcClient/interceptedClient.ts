import { override } from '../../hooks/override.js';
import { assertClient } from './client/assertClient.js';
import type { ClientKind } from './client/clientKind.js';

/**
 * Returns the same client with some members replaced. For a source, returns an object that stands for the client that the
 * source returns at each use; `instanceof` holds for its class.
 *
 * @throws {@link InvalidArgumentError} for a client of another kind; a source is checked at each use
 */
export function interceptedClient<Client extends object>(
  kind: ClientKind,
  client: Client | (() => Client),
  members: object,
): Client {
  return isSource(client) ? following(kind, client, members) : intercepted(kind, client, members);
}

const isSource = <Client>(client: Client | (() => Client)): client is () => Client =>
  typeof client === 'function';

function intercepted<Client extends object>(kind: ClientKind, client: Client, members: object): Client {
  assertClient(kind, client);
  return override(client, members as Partial<Client>);
}

function following<Client extends object>(kind: ClientKind, source: () => Client, members: object): Client {
  const known = new WeakMap<Client, Client>();
  const current = (): Client => {
    const client = source();
    let wrapped = known.get(client);
    if (wrapped === undefined) known.set(client, (wrapped = intercepted(kind, client, members)));
    return wrapped;
  };
  return new Proxy({} as Client, {
    get: (_, key) => Reflect.get(current(), key) as unknown,
    set: (_, key, value) => Reflect.set(current(), key, value),
    has: (_, key) => Reflect.has(current(), key),
    getPrototypeOf: () => Reflect.getPrototypeOf(current()),
  });
}
