import { startDouble } from '../../eventstoredb/double/startDouble.js';
import { openSchema, sharedPostgres } from '../stores/postgres/postgresServer.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { closeAfterTest } from '../../support/closings.js';

export const storeKinds = ['SQLite', 'EventStoreDB', 'PostgreSQL'] as const;

/** The environment of the program: a fresh store, the plaintext keyring, and a fresh index file. */
export interface Place {
  readonly env: Readonly<Record<string, string>>;
  readonly file: (name: string) => string;
}

async function locationOf(
  kind: (typeof storeKinds)[number],
  file: (name: string) => string,
): Promise<string> {
  if (kind === 'SQLite') return `sqlite:${file('events.db')}`;
  if (kind === 'PostgreSQL') {
    const { schema, remove } = await openSchema();
    closeAfterTest(remove);
    return `${await sharedPostgres()}?schema=${schema}`;
  }
  const double = await startDouble();
  closeAfterTest(() => double.close());
  return double.connectionString;
}

export async function openPlace(kind: (typeof storeKinds)[number]): Promise<Place> {
  const folder = temporaryFolder();
  closeAfterTest(folder.remove);
  return {
    file: folder.file,
    env: {
      EVENTSTORE_ACTIONS_STORE: await locationOf(kind, folder.file),
      EVENTSTORE_ACTIONS_INDEX: folder.file('index.db'),
      EVENTSTORE_ACTIONS_KEYRING: 'plaintext',
      EVENTSTORE_ACTIONS_ALLOW: '127.0.0.1',
    },
  };
}
