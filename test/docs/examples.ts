import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compiled } from '../e2e/support/compiled.js';
import { openDatabase } from '../e2e/stores/postgres/postgresServer.js';
import { startDouble } from '../eventstoredb/double/startDouble.js';
import { freePort } from '../support/freePort.js';

/** Every example that is a program of its own. */
export const examples: readonly string[] = readdirSync('docs/examples')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join('docs/examples', file));

/** Files that are shown in the documentation and run by a test of their own. */
export const runElsewhere: Readonly<Record<string, string>> = {
  'docs/examples/nest/actions.module.ts': 'test/e2e/copied/copiedPages.test.ts',
  'docs/examples/nest/grpc.ts': 'test/e2e/copied/copiedPages.test.ts',
  'docs/examples/nest/grpcActions.interceptor.ts': 'test/e2e/copied/copiedPages.test.ts',
  'docs/examples/nest/main.ts': 'test/e2e/copied/copiedPages.test.ts',
  'docs/examples/modules/jest.config.cjs': 'test/e2e/package/moduleSystems.test.ts',
  'docs/examples/modules/ts-jest.config.cjs': 'test/e2e/package/moduleSystems.test.ts',
  'docs/examples/modules/esbuild.mjs': 'test/e2e/package/moduleSystems.test.ts',
  'docs/examples/modules/webpack.config.cjs': 'test/e2e/package/moduleSystems.test.ts',
};

/**
 * The lines between `// #region <name>` and `// #endregion <name>` of a file of docs, without their common
 * indentation.
 */
export function region(source: string): string {
  const [file = '', name = ''] = source.split('#');
  const lines = readFileSync(join('docs', file), 'utf8').split('\n');
  const start = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const end = lines.findIndex((line) => line.trim() === `// #endregion ${name}`);
  if (start < 0 || end < start) throw new Error(`docs/${file} has no region ${name}`);
  const inside = lines.slice(start + 1, end);
  const indentation = Math.min(...inside.filter((line) => line !== '').map((line) => line.search(/\S/)));
  return inside.map((line) => `${line.slice(indentation)}\n`).join('');
}

/** Pages that show whole files, so that a reader who copies them misses no line. */
export const wholeFile = (file: string): string =>
  readFileSync(file, 'utf8')
    .replace(/^\/\*\*[^\n]*\*\/\n/, '')
    .split('\n')
    .filter((line) => line !== '' && !/^\s*\/\/ #(?:end)?region /.test(line))
    .join('\n');

/**
 * Runs an example in a process and a folder of its own, and gives its output. Rejects when it fails or does not end
 * by itself.
 */
export async function runExample(file: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'example-'));
  const eventStoreDB = await startDouble({ appendsTogether: true });
  const postgres = file.includes('Postgres') ? await openDatabase() : undefined;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [await compiled(file)], {
      env: {
        ...process.env,
        NO_COLOR: '1',
        PORT: String(await freePort()),
        EVENTS_DB: join(folder, 'events.db'),
        EVENTSTOREDB_URL: eventStoreDB.connectionString,
        KURRENTDB_URL: eventStoreDB.connectionString.replace(/^esdb/, 'kurrentdb'),
        ...(postgres && { POSTGRES_URL: postgres.connectionString }),
      },
      timeout: 60_000,
    });
    return stdout;
  } finally {
    await eventStoreDB.close();
    await postgres?.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}
