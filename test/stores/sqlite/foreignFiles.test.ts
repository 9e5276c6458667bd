import Database from 'better-sqlite3';
import { expect } from 'chai';
import { readFileSync, writeFileSync } from 'node:fs';
import { InvalidArgumentError } from '../../../src/errors.js';
import { sqliteDeliveryStore, sqliteEventStore, sqliteIndexStore } from '../../../src/stores/sqlite/index.js';
import { closeAfterTest } from '../../support/closings.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const opened: readonly (readonly [what: string, open: (path: string) => unknown])[] = [
  ['an event store', (path) => sqliteEventStore({ path })],
  ['an index', (path) => sqliteIndexStore({ path })],
  ['a file of deliveries', (path) => sqliteDeliveryStore({ path })],
];

function refusal(open: () => unknown): string {
  try {
    open();
  } catch (error) {
    expect(error).to.be.instanceOf(InvalidArgumentError);
    return (error as Error).message;
  }
  throw new Error('the file was opened');
}

function folder() {
  const made = temporaryFolder();
  closeAfterTest(made.remove);
  return made;
}

for (const [what, open] of opened)
  describe(`a file that is not ${what}`, () => {
    it('is refused as another SQLite file, and keeps every byte and its journal mode', () => {
      const path = folder().file('foreign.db');
      const db = new Database(path);
      db.exec('CREATE TABLE customer (id INTEGER PRIMARY KEY); INSERT INTO customer VALUES (1)');
      db.close();
      const before = readFileSync(path);
      expect(refusal(() => open(path)))
        .to.contain('foreign.db')
        .and.to.contain(`not ${what}`)
        .and.to.contain('not changed');
      expect(readFileSync(path).equals(before)).to.equal(true);
    });

    it('is refused as no SQLite file, and keeps every byte', () => {
      const path = folder().file('notes.txt');
      writeFileSync(path, 'not a database, but longer than a hundred bytes'.repeat(10));
      const before = readFileSync(path);
      expect(refusal(() => open(path)))
        .to.contain('notes.txt')
        .and.to.contain('not an SQLite file')
        .and.to.contain('not changed');
      expect(readFileSync(path).equals(before)).to.equal(true);
    });

    it('is refused as a file of a newer version, and keeps every byte', async () => {
      const path = folder().file('newer.db');
      const store = open(path) as { close(): unknown };
      await Promise.resolve(store.close());
      const db = new Database(path);
      db.pragma('user_version = 99');
      db.close();
      const before = readFileSync(path);
      expect(refusal(() => open(path)))
        .to.contain('schema 99')
        .and.to.contain('update eventstore-actions')
        .and.to.contain('not changed');
      expect(readFileSync(path).equals(before)).to.equal(true);
    });
  });
