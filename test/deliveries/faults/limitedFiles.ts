import Database from 'better-sqlite3';
import { closeAfterTest } from '../../support/openActions.js';

/** Database files that are full: SQLite itself refuses what needs another page. */
export interface LimitedFile {
  /** No page more than there are, and so many. */
  fill(pages: number): void;
  /** The disk has room again. */
  makeRoom(): void;
}

/** Catches the connection that the library opens to a file, until the test ends. */
export function limitedFile(path: string): LimitedFile {
  const { pragma } = Database.prototype;
  let found: Database.Database | undefined;
  Database.prototype.pragma = function (this: Database.Database, ...parameters) {
    if (this.name === path) found = this;
    return pragma.apply(this, parameters);
  };
  closeAfterTest(() => {
    Database.prototype.pragma = pragma;
  });
  const set = (pages: number): void => {
    if (!found) throw new Error(`${path} was not opened`);
    pragma.call(found, `max_page_count = ${pages}`);
  };
  return {
    fill(pages) {
      set(Number(found && pragma.call(found, 'page_count', { simple: true })) + pages);
    },
    makeRoom() {
      set(1_000_000);
    },
  };
}
