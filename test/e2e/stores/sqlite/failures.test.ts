import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { proposeAppend } from '../../../../src/events/proposedAppend.js';
import { commitFailed, notWritten, unavailable } from '../../../../src/stores/sqlite/sqliteErrors.js';
import { sqliteEventStore } from '../../../../src/stores/sqlite/index.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';

const failure = (code: string) => Object.assign(new Error('disk trouble'), { code });
const append = proposeAppend('s', [], {}, () => '');

describe('failures of SQLite', () => {
  it('mean nothing was written, unless the commit itself may have reached the disk', () => {
    const meaning = (code: string) => [
      unavailable(failure(code), 'f').code,
      notWritten(failure(code), append, 'f').code,
      commitFailed(failure(code), append, 'f').code,
    ];
    const away = 'EVENT_STORE_UNAVAILABLE';
    expect(meaning('SQLITE_BUSY')).to.deep.equal([away, away, away]);
    expect(meaning('SQLITE_BUSY_SNAPSHOT')).to.deep.equal([away, away, away]);
    expect(meaning('SQLITE_FULL')).to.deep.equal([away, away, away]);
    expect(meaning('SQLITE_IOERR_WRITE')).to.deep.equal([away, away, away]);
    expect(meaning('SQLITE_IOERR_FSYNC')).to.deep.equal([away, away, 'OUTCOME_UNKNOWN']);
    expect(meaning('SQLITE_CORRUPT')).to.deep.equal([away, away, 'OUTCOME_UNKNOWN']);
    expect(meaning('SQLITE_TOOBIG')[1]).to.equal('APPEND_TOO_LARGE');
    expect(meaning('SQLITE_READONLY_DIRECTORY').slice(0, 2)).to.deep.equal(
      Array.from({ length: 2 }, () => 'EVENT_STORE_ACCESS_DENIED'),
    );
    expect(unavailable(failure('SQLITE_IOERR_READ'), 'orders.db').detail).to.contain('orders.db');
  });

  it('on a full disk leave every acknowledged event in the file, and no other', async () => {
    const folder = temporaryFolder();
    const path = folder.file('events.db');
    // The limit of 512 blocks a file makes a write of the process fail in the middle of its work.
    const script = `
      import { sqliteEventStore } from './src/stores/sqlite/index.ts';
      const store = sqliteEventStore({ path: process.argv[1] });
      let appended = 0;
      let error;
      while (error === undefined && appended < 5_000) {
        const events = [{ type: 'e', data: 'x'.repeat(500) }, { type: 'e', data: 'y'.repeat(500) }];
        await store.append('s', events).then(() => { appended += 2; }, (caught) => { error = caught; });
      }
      console.log(JSON.stringify({ appended, code: error?.code, cause: error?.cause?.code }));`;
    const command = `trap '' XFSZ; ulimit -f 512; exec "$0" --import tsx --input-type module --eval "$1" "$2"`;
    try {
      const run = spawnSync('/bin/sh', ['-c', command, process.execPath, script, path], {
        encoding: 'utf8',
        timeout: 60_000,
      });
      expect(run.stderr).to.equal('');
      const { appended, ...why } = JSON.parse(run.stdout) as {
        appended: number;
        code: string;
        cause: string;
      };
      expect(why).to.deep.equal({ code: 'EVENT_STORE_UNAVAILABLE', cause: 'SQLITE_IOERR_WRITE' });
      expect(appended).to.be.above(0);
      await using store = sqliteEventStore({ path });
      let found = 0;
      for await (const event of store.readStream('s')) found += event.version === BigInt(found) ? 1 : 0;
      expect(found).to.equal(appended);
      expect((await store.append('s', [{ type: 'e', data: {} }])).version).to.equal(BigInt(appended));
    } finally {
      folder.remove();
    }
  });
});
