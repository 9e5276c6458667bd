import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createActions } from '../../../src/index.js';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { compiled } from '../support/compiled.js';
import { killLoop } from './killLoop.js';

const setter = fileURLToPath(new URL('setExecution.ts', import.meta.url));

describe('two processes on one SQLite file', () => {
  it('apply an execution that either process sets, and whenApplied waits for the execution', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'two-'));
    const path = join(folder, 'events.db');
    const store = sqliteEventStore({ path });
    const actions = await createActions({ eventStore: store, keyring: 'plaintext' });
    try {
      expect(actions.explain({ event: 'order.placed' }).winner).to.equal(null);
      const other = spawn(process.execPath, [await compiled(setter), path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      // Listen from the start: the process may have ended before its event is applied here.
      const ended = once(other, 'exit');
      const [line] = (await once(createInterface({ input: other.stdout }), 'line')) as [string];
      const { position, targetID } = JSON.parse(line) as { position: string; targetID: string };
      await actions.whenApplied(BigInt(position), { signal: AbortSignal.timeout(60_000) });
      const { winner, targets } = actions.explain({ event: 'order.placed' });
      expect(winner).to.equal('event/order.*');
      expect(targets.map(({ id }) => id)).to.deep.equal([targetID]);
      expect(await ended).to.deep.equal([0, null]);
    } finally {
      await actions.close();
      await store.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('lose no acknowledged event when either is killed at any moment, and leave the file usable', async function () {
    this.timeout(300_000);
    const { kills, appended, ...faults } = await killLoop(8);
    expect(kills).to.equal(8);
    expect(appended).to.be.greaterThan(0);
    expect(faults).to.deep.equal({
      lost: 0,
      writtenTwice: 0,
      vetoedButStored: 0,
      targetsLost: 0,
      namesHeldTwice: 0,
      namesBlocked: 0,
      drift: 0,
    });
  });
});
