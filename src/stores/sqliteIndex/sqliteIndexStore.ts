import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { requireText } from '../../events/proposedAppend.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { givenIndexStore, type GivenIndexStore } from '../../routing/givenIndexStore.js';
import { openIndexFile, type IndexFile } from './indexFile.js';

/** The options of {@link sqliteIndexStore}. */
export interface SQLiteIndexStoreOptions {
  /** The path of the file, created where it is missing. It must not be the event store's file. */
  readonly path: string;
}

const optionNames: OptionNames<SQLiteIndexStoreOptions> = { path: true };

/** An index store in an SQLite file, for `createActions`. Close it after the actions that use it. */
export interface SQLiteIndexStore extends GivenIndexStore, AsyncDisposable {
  /** Closes the file. It never rejects. */
  close(): Promise<void>;
}

/**
 * The path of a file behind all links, which identifies it: two connections of one process to one file would wait for each
 * other.
 */
function realPath(path: string): string {
  for (const known of [path, dirname(path)])
    try {
      return known === path ? realpathSync(path) : join(realpathSync(known), basename(path));
    } catch {
      // A missing file has no real path yet: opening creates it, and refuses a missing folder.
    }
  return path;
}

const openFiles = new Map<string, { readonly file: IndexFile; users: number }>();

/**
 * Keeps the condition index in tables of an SQLite file: at its start a process reads the checkpoint and catches up from
 * there. Several processes can share the file: each event is written once, in one transaction with the checkpoint, and
 * neither a row nor the checkpoint goes back. After a loss of the file the index is rebuilt from the events. The schema is
 * in `docs/reference/index-file.md`.
 *
 * @throws {@link MissingDependencyError} without better-sqlite3, {@link InvalidArgumentError} for a file of another kind
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
