import type * as eventStoreDB from '@eventstore/db-client';
import type { AppendToStreamOptions, EventStoreDBClient } from '@eventstore/db-client';
import { createRequire } from 'node:module';
import {
  fromEventStoreDB,
  interceptClient,
  type EventStoreDBEventStore,
  type EventStoreDBOptions,
  type InterceptClientOptions,
} from '../../../src/stores/eventStoreDB/index.js';
import type { InterceptingActions } from '../../../src/hooks/hookOf.js';
import {
  fromKurrentDB,
  interceptKurrentDB,
  type KurrentDBClientLike,
} from '../../../src/stores/kurrentDB/index.js';

/**
 * Whether this process tests the client of KurrentDB: `npm run test:kurrentdb`. Both clients in one process
 * overwrite each other's messages, so only one of them is loaded.
 */
export const isKurrentDB = process.env['CLIENT_UNDER_TEST'] === 'kurrentdb';

/** The variable that names a real server. */
export const serverVariable = isKurrentDB ? 'KURRENTDB_URL' : 'EVENTSTOREDB_URL';
export const serverURL = process.env[serverVariable];

export const packageName = isKurrentDB ? '@kurrent/kurrentdb-client' : '@eventstore/db-client';

const require = createRequire(import.meta.url);

type Module = typeof eventStoreDB;

/** The package of the client. The parts that tests use have the same names and types in both packages. */
const loaded = require(packageName) as Module & { readonly KurrentDBClient: typeof EventStoreDBClient };

export const {
  binaryEvent,
  eventTypeFilter,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
  StreamDeletedError,
  streamNameFilter,
  WrongExpectedVersionError,
} = loaded;

export const ClientUnderTest = isKurrentDB ? loaded.KurrentDBClient : loaded.EventStoreDBClient;

export const { version } = require(`${packageName}/package.json`) as { readonly version: string };

/** @param connectionString - of a double or a server, with the scheme `esdb` */
export function connect(connectionString: string): EventStoreDBClient {
  return ClientUnderTest.connectionString(
    isKurrentDB ? connectionString.replace(/^esdb/, 'kurrentdb') : connectionString,
  );
}

export function storeOn(
  client: EventStoreDBClient | (() => EventStoreDBClient),
  options?: EventStoreDBOptions,
): EventStoreDBEventStore {
  return isKurrentDB ? fromKurrentDB(client as never, options) : fromEventStoreDB(client, options);
}

export function intercept(
  client: EventStoreDBClient | (() => EventStoreDBClient),
  actions: InterceptingActions,
  options?: InterceptClientOptions,
): EventStoreDBClient {
  if (!isKurrentDB) return interceptClient(client, actions, options);
  return interceptKurrentDB(
    client as unknown as KurrentDBClientLike,
    actions,
    options,
  ) as unknown as EventStoreDBClient;
}

/** The expectation, under the name that the client uses. */
export function expecting(state: unknown): AppendToStreamOptions {
  return { [isKurrentDB ? 'streamState' : 'expectedRevision']: state };
}

/** The members of the client's error with the expected and the actual revision of a stream. */
export function conflict(states: {
  readonly expected?: unknown;
  readonly actual?: unknown;
}): Record<string, unknown> {
  const kind = isKurrentDB ? 'State' : 'Version';
  return Object.fromEntries(Object.entries(states).map(([name, state]) => [`${name}${kind}`, state]));
}
