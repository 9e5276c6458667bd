import { MissingDependencyError, InvalidArgumentError } from '../../errors.js';
import type { DeliveryStore } from '../../index.js';
import type { PostgresPool } from '../../stores/postgres/index.js';
import type { OpenedStore } from './openedStore.js';

export const isPostgres = (location: string): boolean => /^postgres(?:ql)?:\/\//.test(location);

/** The parts of a PostgreSQL URL. Its parameter `schema` names the schema of the tables. */
interface Place {
  readonly pool: PostgresPool & { end(): Promise<void> };
  readonly schema?: string;
}

async function openPlace(location: string): Promise<Place> {
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    throw new MissingDependencyError('PostgreSQL needs its client: npm install pg', { cause });
  });
  const { connectionString, schema } = parseLocation(location);
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: 10_000 });
  // Ignore the failure of an idle connection: the pool replaces it, and the next query reports a lasting problem.
  pool.on('error', () => undefined);
  return { pool, ...(schema !== undefined && { schema }) };
}

/** Opens a store over a pool of its own, which is closed with the store, or where the store does not open. */
async function openOver<Store extends { close(): Promise<void> }>(
  location: string,
  open: (place: Place) => Promise<Store>,
) {
  const place = await openPlace(location);
  try {
    const store = await open(place);
    return {
      store,
      async close() {
        await store.close();
        await place.pool.end();
      },
    };
  } catch (error) {
    await place.pool.end();
    throw error;
  }
}

/** @param mayCreate - whether missing tables are created */
export const openPostgres = (location: string, mayCreate: boolean): Promise<OpenedStore> =>
  openOver(location, async (place) => {
    const { postgresEventStore } = await import('../../stores/postgres/index.js');
    return postgresEventStore({ ...place, migrate: mayCreate });
  });

export async function openPostgresDeliveries(location: string): Promise<DeliveryStore> {
  const { store, close } = await openOver(location, async (place) => {
    const { postgresDeliveryStore } = await import('../../stores/postgres/index.js');
    return postgresDeliveryStore(place);
  });
  return { ...store, close };
}

/** Parses the URL. The error does not repeat it, since it may hold a password. */
function parseLocation(location: string): {
  readonly connectionString: string;
  readonly schema: string | undefined;
} {
  let url: URL;
  try {
    url = new URL(location);
  } catch {
    throw new InvalidArgumentError(
      'the URL of PostgreSQL is malformed: postgres://<user>:<password>@<host>:<port>/<database>, for example',
    );
  }
  const schema = url.searchParams.get('schema') ?? undefined;
  url.searchParams.delete('schema');
  return { connectionString: url.href, schema };
}
