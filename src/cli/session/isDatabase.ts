import { statSync } from 'node:fs';

/** An SQLite file has at least one page. Bytes. */
const smallestPage = 512;

/**
 * Whether a file may be a database. SQLite takes a file that is empty, or nearly, for a new one, and a command that reads
 * would fill it.
 */
export function isDatabase(path: string): boolean {
  try {
    const file = statSync(path);
    return !file.isFile() || file.size >= smallestPage;
  } catch {
    return false;
  }
}
