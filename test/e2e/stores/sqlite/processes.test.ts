import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { sqliteEventStore } from '../../../../src/stores/sqlite/index.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';
import { killWriters } from './processes/killWriters.js';
import { runStoreProcess, type StoreProcess } from './processes/runStoreProcess.js';

describe('several processes on one file', function () {
  this.timeout(120_000);
  let folder: ReturnType<typeof temporaryFolder>;
  let path: string;
  let started: StoreProcess[] = [];
  beforeEach(() => {
    folder = temporaryFolder();
    path = folder.file('events.db');
  });
  afterEach(async () => {
    await Promise.all(started.map((one) => one.kill()));
    started = [];
    folder.remove();
  });
  const run = async (...words: Parameters<typeof runStoreProcess>): Promise<StoreProcess> => {
    const one = await runStoreProcess(...words);
    started.push(one);
    return one;
  };

  it('receive the events that another process appends', async () => {
    const follower = await run('./follower.ts', path, 'order-');
    await follower.untilLine((line) => line === 'caughtUp');
    await using store = sqliteEventStore({ path });
    for (let round = 0; round < 5; round += 1) {
      const id = crypto.randomUUID();
      await store.append('foreign-1', [{ type: 'e', data: {} }]);
      await store.append('order-1', [{ id, type: 'e', data: {} }]);
      expect(await follower.untilLine((line) => line.endsWith(id))).to.equal(`event order-1 ${round} ${id}`);
    }
    expect(await follower.end()).to.equal(0);
    expect(follower.lines.filter((line) => line.startsWith('event'))).to.have.lengthOf(5);
  });

  it('create the same new file at once, and all work', async () => {
    const names = ['1', '2', '3', '4'];
    const writers = await Promise.all(names.map((name) => run('./writer.ts', path, name, folder.file(name))));
    await Promise.all(writers.map((writer) => writer.untilLine((line) => line === 'acknowledged')));
    await Promise.all(writers.map((writer) => writer.kill()));
    await using store = sqliteEventStore({ path });
    for (const name of names) {
      const [stream = '', version = '', id] =
        readFileSync(folder.file(name), 'utf8').split('\n')[0]?.split(' ') ?? [];
      const found: string[] = [];
      for await (const event of store.readStream(stream, { from: BigInt(version), limit: 1 }))
        found.push(event.id);
      expect(found).to.deep.equal([id]);
    }
  });

  it('lose no acknowledged event when processes are killed, and stop no other process', async () => {
    const { kills, acknowledged, writtenUnacknowledged, ...wrong } = await killWriters(path, 13);
    expect(wrong).to.include({
      lost: 0,
      writtenTwice: 0,
      brokenStreams: 0,
      misdelivered: 0,
      integrity: 'ok',
    });
    expect(kills).to.equal(15);
    expect(acknowledged).to.be.above(15);
    expect(writtenUnacknowledged).to.be.at.least(0);
  });
});
