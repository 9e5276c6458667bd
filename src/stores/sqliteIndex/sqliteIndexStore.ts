import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { requireText } from '../../events/proposedAppend.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { givenIndexStore, type GivenIndexStore } from '../../routing/givenIndexStore.js';
import { openIndexFile, type IndexFile } from './indexFile.js';

/** Where the file is. */
export interface SQLiteIndexStoreOptions {
  /** The file; it is created where there is none. Not the file of the event store. */
  readonly path: string;
}

const optionNames: OptionNames<SQLiteIndexStoreOptions> = { path: true };

/** An index store in an SQLite file, for `createActions`. Close it after the actions that use it. */
export interface SQLiteIndexStore extends GivenIndexStore, AsyncDisposable {
  /** Closes the file. It never rejects. */
  close(): Promise<void>;
}

/** Two connections of one process to one file would wait for each other: a link has to lead to the same one. */
function realPath(path: string): string {
  for (const known of [path, dirname(path)])
    try {
      return known === path ? realpathSync(path) : join(realpathSync(known), basename(path));
    } catch {
      // Opening creates the file; a missing folder is refused then.
    }
  return path;
}

const openFiles = new Map<string, { readonly file: IndexFile; users: number }>();

/**
 * Keeps the condition index in real tables of an SQLite file: a start reads the checkpoint and catches up from there.
 * Several processes share the file; each event is written once, in one transaction with the checkpoint, and nothing goes
 * back. Losing the file costs a replay and nothing else. The schema is in `docs/reference/index-file.md`.
 *
 * @throws {@link MissingDependencyError} without better-sqlite3, {@link InvalidArgumentError} for a file that is something else
 */
export function sqliteIndexStore(options: SQLiteIndexStoreOptions): SQLiteIndexStore {
  const { path } = readOptions(options, optionNames, 'sqliteIndexStore');
  const place = realPath(resolve(requireText(path, 'path')));
  const open = openFiles.get(place) ?? { file: openIndexFile(place), users: 0 };
  openFiles.set(place, open);
  open.users++;
  const { file } = open;
  let isClosed = false;

  function close(): Promise<void> {
    if (!isClosed && --open.users === 0) {
      openFiles.delete(place);
      file.close();
    }
    isClosed = true;
    return Promise.resolve();
  }

  return { ...givenIndexStore(file), close, [Symbol.asyncDispose]: close };
}
