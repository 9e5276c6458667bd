import { InvalidArgumentError, MissingDependencyError } from '../../errors.js';
import type { OpenedStore } from './openedStore.js';

/**
 * An event store in PostgreSQL, on a pool of its own. The parameter `schema` of the URL names its schema.
 *
 * @param mayCreate - whether missing tables are created
 */
export async function openPostgres(location: string, mayCreate: boolean): Promise<OpenedStore> {
  const { default: pg } = await import('pg').catch((cause: unknown) => {
    throw new MissingDependencyError('PostgreSQL needs its client: npm install pg', { cause });
  });
  const { postgresEventStore } = await import('../../stores/postgres/index.js');
  const { connectionString, schema } = parseLocation(location);
  const pool = new pg.Pool({ connectionString, connectionTimeoutMillis: 10_000 });
  // An idle connection that the server ends is replaced by the pool; the next query says what is wrong.
  pool.on('error', () => undefined);
  try {
    const store = await postgresEventStore({
      pool,
      migrate: mayCreate,
      ...(schema !== undefined && { schema }),
    });
    return {
      store,
      async close() {
        await store.close();
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** The message of an error must not repeat the URL, which can hold a password. */
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
