import { existsSync } from 'node:fs';
import { InvalidArgumentError, MissingDependencyError } from '../../errors.js';
import { isPostgres, openPostgres } from './openPostgres.js';
import { UsageError } from '../shell/failure.js';
import type { OpenedStore } from './openedStore.js';

/** `sqlite:<path>`, a URL of PostgreSQL or a connection string of EventStoreDB. Loads only the needed client. */
export async function openStore(location: string | undefined, mayCreate: boolean): Promise<OpenedStore> {
  if (location === undefined)
    throw new UsageError(
      'which event store? name it with --store sqlite:<path>, --store postgres://<host>/<database> or --store esdb://<host>:<port>, ' +
        'or in EVENTSTORE_ACTIONS_STORE',
    );
  if (location.startsWith('sqlite:')) return openSQLite(location.slice('sqlite:'.length), mayCreate);
  if (/^(?:esdb|kurrentdb|kdb)(?:\+discover)?:\/\//.test(location)) return openEventStoreDB(location);
  if (isPostgres(location)) return openPostgres(location, mayCreate);
  throw new UsageError(
    'the event store is written sqlite:<path>, postgres://<host>/<database> or esdb://<host>:<port>',
  );
}

async function openSQLite(path: string, mayCreate: boolean): Promise<OpenedStore> {
  if (path === '') throw new UsageError('name the file of the event store: --store sqlite:<path>');
  if (!mayCreate && !existsSync(path))
    throw new InvalidArgumentError(
      `there is no event store at ${JSON.stringify(path)}; "targets add" and "apply" create one`,
    );
  const { sqliteEventStore } = await import('../../stores/sqlite/index.js');
  const store = sqliteEventStore({ path });
  return { store, close: () => store.close() };
}

async function openEventStoreDB(connectionString: string): Promise<OpenedStore> {
  const { EventStoreDBClient } = await import('@eventstore/db-client').catch((cause: unknown) => {
    throw new MissingDependencyError('EventStoreDB needs its client: npm install @eventstore/db-client', {
      cause,
    });
  });
  const { fromEventStoreDB } = await import('../../stores/eventStoreDB/index.js');
  const client = connect(() => EventStoreDBClient.connectionString(connectionString));
  const store = fromEventStoreDB(client);
  return {
    store,
    client,
    async close() {
      await store.close();
      await client.dispose();
    },
  };
}

/** The client's own message may repeat the connection string, which can hold a password. */
function connect<Client>(open: () => Client): Client {
  try {
    return open();
  } catch {
    throw new UsageError(
      'the connection string of EventStoreDB is malformed: esdb://<host>:<port>?tls=false, for example',
    );
  }
}
