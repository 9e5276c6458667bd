import Database from 'better-sqlite3';
import { expect } from 'chai';
import { createWrites } from '../../../src/stores/sqliteIndex/writes.js';

/** A database whose commits fail while an orphan is in it. */
function openOrphanage(): Database.Database {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  db.exec(`CREATE TABLE parent (id INTEGER PRIMARY KEY);
           CREATE TABLE child (parent INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);`);
  return db;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('writes of an index file', () => {
  it('share one transaction within a turn of the event loop, and begin another transaction in the next turn', async () => {
    const db = openOrphanage();
    const writes = createWrites(db, () => expect.fail('nothing was lost'));
    const transactions: number[] = [];
    for (let n = 0; n < 3; n++) writes.do((transaction) => transactions.push(transaction));
    expect(db.inTransaction).to.equal(true);
    await nextTurn();
    expect(db.inTransaction).to.equal(false);
    writes.do((transaction) => transactions.push(transaction));
    writes.flush();
    expect(db.inTransaction).to.equal(false);
    expect(transactions).to.deep.equal([1, 1, 1, 2]);
    await nextTurn();
    db.close();
  });

  it('are undone whole when the commit fails, and the failure is reported', async () => {
    const db = openOrphanage();
    let losses = 0;
    const writes = createWrites(db, () => losses++);
    writes.do(() => db.exec('INSERT INTO parent VALUES (1)'));
    writes.do(() => db.exec('INSERT INTO child VALUES (99)'));
    await nextTurn();
    expect([losses, db.inTransaction]).to.deep.equal([1, false]);
    expect(db.prepare('SELECT count(*) FROM parent').pluck().get()).to.equal(0);
    writes.do(() => db.exec('INSERT INTO child VALUES (99)'));
    expect(() => {
      writes.flush();
    }).to.throw(/FOREIGN KEY/);
    expect([losses, db.inTransaction]).to.deep.equal([2, false]);
    writes.do(() => db.exec('INSERT INTO parent VALUES (1)'));
    await nextTurn();
    expect(db.prepare('SELECT count(*) FROM parent').pluck().get()).to.equal(1);
    db.close();
  });

  it('are reported as lost where the commit of a full batch fails', () => {
    const db = openOrphanage();
    let losses = 0;
    const writes = createWrites(db, () => losses++);
    expect(() => {
      for (let n = 0; n < 2_500; n++) writes.do(() => db.exec('INSERT INTO child VALUES (99)'));
    }).to.throw(/FOREIGN KEY/);
    expect([losses, db.inTransaction]).to.deep.equal([1, false]);
    db.close();
  });

  it('are committed before the writes are too many for other processes to wait for', () => {
    const db = openOrphanage();
    const writes = createWrites(db, () => undefined);
    const transactions = new Set<number>();
    for (let n = 0; n < 2_500; n++) writes.do((transaction) => transactions.add(transaction));
    expect(transactions.size).to.equal(3);
    writes.flush();
    db.close();
  });
});
