import Database from 'better-sqlite3';
import { closeAfterTest } from '../../support/closings.js';

/** Full database files: SQLite itself refuses a write that needs another page. */
interface LimitedFile {
  /** Limits the file to its present pages and `pages` further ones. */
  fill(pages: number): void;
  /** Removes the limit. */
  makeRoom(): void;
}

/** Catches the connection that the library opens to a file, until the test ends. */
export function limitedFile(path: string): LimitedFile {
  const { pragma } = Database.prototype;
  const open: Database.Database[] = [];
  Database.prototype.pragma = function (this: Database.Database, ...parameters) {
    if (this.name === path && !open.includes(this)) open.push(this);
    return pragma.apply(this, parameters);
  };
  closeAfterTest(() => {
    Database.prototype.pragma = pragma;
  });
  const ask = (text: string): unknown => {
    const [file] = open;
    if (!file) throw new Error(`${path} was not opened`);
    return pragma.call(file, text, { simple: true });
  };
  return {
    fill(pages) {
      ask(`max_page_count = ${Number(ask('page_count')) + pages}`);
    },
    makeRoom() {
      ask('max_page_count = 1000000');
    },
  };
}
