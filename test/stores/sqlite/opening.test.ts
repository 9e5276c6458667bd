import { expect } from 'chai';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { openDatabase } from '../../../src/stores/sqlite/driver.js';
import { sqliteEventStore, type SQLiteEventStoreOptions } from '../../../src/stores/sqlite/index.js';
import { applicationID, schemaVersion } from '../../../src/stores/sqlite/eventFile.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

describe('opening an event store file', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const refusal = (options: unknown): { code?: unknown; message?: unknown; detail?: unknown } => {
    try {
      void sqliteEventStore(options as SQLiteEventStoreOptions).close();
      return { code: 'opened' };
    } catch (error) {
      return error as Error;
    }
  };

  it('creates the file with its version, and finds everything there again', async () => {
    const path = folder.file('events.db');
    const event = { id: '33333333-3333-4333-8333-333333333333', type: 'e', data: { n: 1 } };
    const first = sqliteEventStore({ path });
    const { position } = await first.append('s', [event]);
    await first.close();
    const db = openDatabase(path, { readonly: true });
    expect(db.pragma('user_version', { simple: true })).to.equal(schemaVersion);
    expect(db.pragma('application_id', { simple: true })).to.equal(applicationID);
    expect(db.prepare('SELECT stream, version, id, data FROM events').all()).to.deep.equal([
      { stream: 's', version: 0, id: event.id, data: '{"n":1}' },
    ]);
    db.close();
    await using again = sqliteEventStore({ path });
    expect(await again.append('s', [event])).to.deep.equal({ version: 0n, position });
    expect(await again.head()).to.equal(position);
  });

  it('refuses a file of a newer version and leaves the file unchanged', async () => {
    const path = folder.file('newer.db');
    await sqliteEventStore({ path }).close();
    const db = openDatabase(path, {});
    db.pragma(`user_version = ${schemaVersion + 1}`);
    db.close();
    const before = readFileSync(path);
    const { code, message } = refusal({ path });
    expect(code).to.equal('INVALID_ARGUMENT');
    expect(message)
      .to.contain(`schema ${schemaVersion + 1}`)
      .and.to.contain('update eventstore-actions');
    expect(readFileSync(path).equals(before)).to.equal(true);
  });

  it('refuses another SQLite file, and a file that is no database, and leaves both files unchanged', () => {
    const foreign = folder.file('foreign.db');
    const db = openDatabase(foreign, {});
    db.exec('CREATE TABLE orders (id INTEGER)');
    db.close();
    const text = folder.file('notes.txt');
    writeFileSync(text, 'these are my notes\n'.repeat(100));
    for (const path of [foreign, text]) {
      const before = readFileSync(path);
      expect(refusal({ path })).to.have.property('code', 'INVALID_ARGUMENT');
      expect(readFileSync(path).equals(before)).to.equal(true);
    }
  });

  it('refuses contradictory and malformed options', () => {
    const path = folder.file('events.db');
    for (const options of [{}, { path: '' }, { path: ':memory:' }, { path, synchronous: 'OFF' }, { path: 7 }])
      expect(refusal(options), JSON.stringify(options)).to.have.property('code', 'INVALID_ARGUMENT');
  });

  it('says which file cannot be opened', () => {
    const directory = folder.file('directory');
    mkdirSync(directory);
    for (const path of [folder.file('missing/events.db'), directory]) {
      const { code, detail } = refusal({ path });
      expect(code).to.equal('EVENT_STORE_UNAVAILABLE');
      expect(detail).to.contain(path);
    }
  });

  it('names the package to install when better-sqlite3 is missing', () => {
    const missing = () => {
      throw Object.assign(new Error("Cannot find module 'better-sqlite3'"), { code: 'MODULE_NOT_FOUND' });
    };
    expect(() => openDatabase(folder.file('events.db'), {}, missing))
      .to.throw(/npm install better-sqlite3\b.*Node 20.*C\+\+ tool chain.*Python/)
      .with.property('code', 'MISSING_DEPENDENCY');
  });

  it('says to rebuild where the binary does not load', () => {
    const nativeBinding = folder.file('broken.node');
    writeFileSync(nativeBinding, 'not a shared library');
    expect(() => openDatabase(folder.file('events.db'), { nativeBinding }))
      .to.throw(/npm rebuild better-sqlite3/)
      .with.property('code', 'MISSING_DEPENDENCY');
  });

  it('opens every string as a path, also one that looks like a URL', async () => {
    const path = folder.file('file:a?mode=memory');
    await using store = sqliteEventStore({ path });
    await store.append('s', [{ type: 'e', data: {} }]);
    expect(readFileSync(path).subarray(0, 15).toString()).to.equal('SQLite format 3');
  });
});
