import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in memory, of Linux. */
const inMemory = '/dev/shm';
/** Enough room that the largest database of a test takes a small part of it. Bytes. */
const wantedBytes = 4 * 1024 ** 3;

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize >= wantedBytes;
}

/** In memory where possible: a test over files mostly waits for a disk that other programs use too. */
const parent = process.env['TMPDIR'] === undefined && hasRoom(inMemory) ? inMemory : tmpdir();

/** A folder of its own for one test. */
export function temporaryFolder(): { readonly file: (name: string) => string; readonly remove: () => void } {
  const folder = mkdtempSync(join(parent, 'event-store-'));
  return {
    file: (name) => join(folder, name),
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
