import { InvalidArgumentError, MissingDependencyError } from '../../errors.js';
import type { EventStore } from '../../index.js';
import { isPostgres, openPostgres } from './openPostgres.js';
import { UsageError } from '../shell/failure.js';
import { shownValue } from '../../lib/reading/shownValue.js';
import { addressWithoutSecrets } from './withoutSecrets.js';
import { isDatabase } from './isDatabase.js';
import type { OpenedStore } from './openedStore.js';
import { storeForms } from './storeForms.js';

/**
 * Opens the store at `sqlite:<path>`, a PostgreSQL URL, or a connection string of EventStoreDB or KurrentDB. Loads only the
 * client that this store needs.
 */
export async function openStore(location: string | undefined, mayCreate: boolean): Promise<OpenedStore> {
  if (location === undefined)
    throw new UsageError(
      `which event store? name it with --store, or in EVENTSTORE_ACTIONS_STORE: ${storeForms}`,
    );
  if (location.startsWith('sqlite:')) return openSQLite(location.slice('sqlite:'.length), mayCreate);
  if (/^esdb(?:\+discover)?:\/\//.test(location)) return openEventStoreDB(location);
  if (/^(?:kurrentdb|kurrent|kdb)(?:\+discover)?:\/\//.test(location)) return openKurrentDB(location);
  if (isPostgres(location)) return openPostgres(location, mayCreate);
  throw new UsageError(
    `--store ${shownValue(addressWithoutSecrets(location))} names no event store: write ${storeForms}`,
  );
}

async function openSQLite(path: string, mayCreate: boolean): Promise<OpenedStore> {
  if (path === '') throw new UsageError('name the file of the event store: --store sqlite:<path>');
  const isNew = !isDatabase(path);
  if (!mayCreate && isNew)
    throw new InvalidArgumentError(
      `there is no event store at ${JSON.stringify(path)}; "targets add" and "apply" create one`,
    );
  const { sqliteEventStore } = await import('../../stores/sqlite/index.js');
  const store = sqliteEventStore({ path });
  return { store, ...(isNew && { created: path }), close: () => store.close() };
}

async function openEventStoreDB(connectionString: string): Promise<OpenedStore> {
  const { EventStoreDBClient } = await import('@eventstore/db-client').catch((cause: unknown) => {
    throw new MissingDependencyError('EventStoreDB needs its client: npm install @eventstore/db-client', {
      cause,
    });
  });
  const { fromEventStoreDB } = await import('../../stores/eventStoreDB/index.js');
  const client = connect('EventStoreDB', 'esdb', () => EventStoreDBClient.connectionString(connectionString));
  return { ...opened(fromEventStoreDB(client), client), client };
}

async function openKurrentDB(connectionString: string): Promise<OpenedStore> {
  const { KurrentDBClient } = await import('@kurrent/kurrentdb-client').catch((cause: unknown) => {
    throw new MissingDependencyError('KurrentDB needs its client: npm install @kurrent/kurrentdb-client', {
      cause,
    });
  });
  const { fromKurrentDB } = await import('../../stores/kurrentDB/index.js');
  const client = connect('KurrentDB', 'kurrentdb', () => KurrentDBClient.connectionString(connectionString));
  return opened(fromKurrentDB(client), client);
}

function opened(
  store: EventStore & { close(): Promise<void> },
  client: { dispose(): Promise<void> },
): OpenedStore {
  return {
    store,
    async close() {
      await store.close();
      await client.dispose();
    },
  };
}

/** Replaces the client's error, whose message may repeat the connection string with a password. */
function connect<Client>(product: string, scheme: string, open: () => Client): Client {
  try {
    return open();
  } catch {
    throw new UsageError(
      `the connection string of ${product} is malformed: ${scheme}://<host>:<port>?tls=false, for example`,
    );
  }
}
