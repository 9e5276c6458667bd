import { InvalidArgumentError } from '../../../errors.js';

const members = ['appendToStream', 'readStream', 'readAll', 'subscribeToAll', 'tombstoneStream', 'dispose'];
const known = new WeakSet();

/**
 * Refuses a client of another kind: it may have other ways to append, which would call no target.
 *
 * @throws {@link InvalidArgumentError}
 */
export function assertEventStoreDBClient(client: unknown): void {
  if (typeof client !== 'object' || client === null)
    throw new InvalidArgumentError(
      'the client is a client of @eventstore/db-client, or a function that gives one',
    );
  if (known.has(client)) return;
  const has = (member: string) => typeof (client as Readonly<Record<string, unknown>>)[member] === 'function';
  if (has('multiStreamAppend'))
    throw new InvalidArgumentError(
      "this is a KurrentDBClient, which appends in more ways: use interceptKurrentDB or fromKurrentDB of 'eventstore-actions/kurrentdb'",
    );
  const missing = members.filter((member) => !has(member));
  if (missing.length > 0)
    throw new InvalidArgumentError(
      `this is no client of @eventstore/db-client: it has no ${missing.join(', ')}`,
    );
  known.add(client);
}
