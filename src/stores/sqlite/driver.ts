import type Database from 'better-sqlite3';
import { MissingDependencyError } from '../../errors.js';
import { here } from './here.cjs';

type Driver = typeof Database;

const missing =
  'install it with "npm install better-sqlite3" (version 12 on Node 20, 13 from Node 22 on); where no prebuilt binary fits ' +
  'the platform, it is compiled, which needs a C++ tool chain (make, g++ or clang) and Python 3';

const unloadable =
  'it was built for another version of Node or another platform; build it for this one with "npm rebuild better-sqlite3", and ' +
  'from Node 22 on have version 13 of it';

/** Hides the import from bundlers: the native binary must stay in node_modules, beside its files. */
const requireHere = (): ((name: string) => unknown) =>
  process.getBuiltinModule('node:module').createRequire(here);

/**
 * Opens a database file with better-sqlite3. This optional peer dependency is loaded only here.
 *
 * @throws {@link MissingDependencyError} where the package or its binary is missing or does not load
 */
export function openDatabase(
  path: string,
  options: Database.Options,
  load: (name: string) => unknown = requireHere(),
): Database.Database {
  let driver: Driver;
  try {
    driver = load('better-sqlite3') as Driver;
  } catch (cause) {
    throw new MissingDependencyError(`the SQLite event store needs better-sqlite3: ${missing}`, { cause });
  }
  try {
    return new driver(path, options);
  } catch (cause) {
    // Opening the first database loads the binary.
    if (!(cause instanceof driver.SqliteError) && isLoadFailure(cause))
      throw new MissingDependencyError(
        `better-sqlite3 is installed, but its binary does not load: ${unloadable}`,
        {
          cause,
        },
      );
    throw cause;
  }
}

function isLoadFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return (
    code === 'ERR_DLOPEN_FAILED' || code === 'MODULE_NOT_FOUND' || error.message.includes('bindings file')
  );
}
