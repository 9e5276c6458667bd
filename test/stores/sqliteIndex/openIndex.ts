import { expect } from 'chai';
import { openIndexFile, type IndexFile } from '../../../src/stores/sqliteIndex/indexFile.js';
import { closeAfterTest } from '../../support/closings.js';
import { temporaryFolder } from '../temporaryFolder.js';

/** The path of an index file that is not there yet; gone after the test. */
export function freshPath(): string {
  const folder = temporaryFolder();
  closeAfterTest(folder.remove);
  return folder.file('index.db');
}

export const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** An index file as it is. Closed after the test, once what it gathered is written. */
export function openAsItIs(path: string): IndexFile {
  const store = openIndexFile(path);
  closeAfterTest(async () => {
    await nextTurn();
    store.close();
  });
  return store;
}

/** A file with an index in it: that of no events, where none was built. */
export function open(path = freshPath()): IndexFile {
  const store = openAsItIs(path);
  if (store.unusable === undefined) return store;
  const shadow = store.shadow();
  expect(shadow.adopt()).to.equal(true);
  shadow.release();
  return store;
}
