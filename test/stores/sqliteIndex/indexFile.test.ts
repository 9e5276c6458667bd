import Database from 'better-sqlite3';
import { expect } from 'chai';
import { createRecorder, executionSet } from '../../support/recordedEvents.js';
import { freshPath, open, openAsItIs } from './openIndex.js';

/** The existing generation that each format uses. */
function rowsOf(path: string): readonly unknown[] {
  const db = new Database(path);
  try {
    return db.prepare('SELECT format, id FROM current JOIN generation ON id = generation').all();
  } finally {
    db.close();
  }
}

describe('an index file', () => {
  it('is not used before an index was built, and says so', () => {
    const path = freshPath();
    const store = openAsItIs(path);
    expect(store.unusable).to.contain('nothing was built');
    const record = createRecorder();
    store.current.apply(
      record('actions.execution-default.event/a', 'execution.set', executionSet('t')),
      false,
    );
    expect(store.current.instance('default').entries('event/a')).to.have.length(1);
    expect(open(path).unusable).to.equal(undefined);
    expect(store.unusable).to.equal(undefined);
    expect(store.current.instance('default').entries('event/a')).to.equal(undefined);
  });

  it('of another format is unusable until the index was rebuilt', () => {
    const path = freshPath();
    open(path);
    const db = new Database(path);
    db.prepare('UPDATE current SET format = 99').run();
    db.close();
    const store = openAsItIs(path);
    expect(store.unusable).to.match(/format 99/);
    const [other] = rowsOf(path);
    expect(store.current.position).to.equal(undefined);
    const shadow = store.shadow();
    shadow.index.reach(7n);
    expect(shadow.adopt()).to.equal(true);
    shadow.release();
    expect(store.unusable).to.equal(undefined);
    expect(store.current.position).to.equal(7n);
    // Processes of the other version go on with their own tables.
    expect(rowsOf(path)).to.deep.include(other);
    expect(rowsOf(path)).to.have.length(2);
    const again = store.shadow();
    again.index.reach(8n);
    expect(again.adopt()).to.equal(true);
    again.release();
    expect(rowsOf(path)).to.deep.include(other);
    expect(rowsOf(path)).to.have.length(2);
  });

  it('refuses a file of another kind or of a newer format, and leaves it unchanged', () => {
    const path = freshPath();
    const db = new Database(path);
    db.exec('CREATE TABLE mine (x)');
    expect(() => open(path)).to.throw(/not an index/);
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()).to.deep.equal([
      'mine',
    ]);
    db.close();
    const newer = freshPath();
    open(newer);
    const other = new Database(newer);
    other.pragma('user_version = 99');
    other.close();
    expect(() => open(newer)).to.throw(/schema 99/);
  });
});
