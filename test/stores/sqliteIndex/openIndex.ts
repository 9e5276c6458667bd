import { expect } from 'chai';
import { openIndexFile, type IndexFile } from '../../../src/stores/sqliteIndex/indexFile.js';
import { closeAfterTest } from '../../support/closings.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

/** The path of an index file that does not exist yet; the file is removed after the test. */
export function freshPath(): string {
  const folder = temporaryFolder();
  closeAfterTest(folder.remove);
  return folder.file('index.db');
}

export const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Opens an index file. It is closed after the test, when its pending writes are written. */
export function openAsItIs(path: string): IndexFile {
  const store = openIndexFile(path);
  closeAfterTest(async () => {
    await nextTurn();
    store.close();
  });
  return store;
}

/** A file with an index; where none was built, an index of no events. */
export function open(path = freshPath()): IndexFile {
  const store = openAsItIs(path);
  if (store.unusable === undefined) return store;
  const shadow = store.shadow();
  expect(shadow.adopt()).to.equal(true);
  shadow.release();
  return store;
}
