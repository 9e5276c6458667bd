import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sqliteEventStore } from '../../../src/stores/sqlite/index.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { closeAfterTest } from '../../support/closings.js';
import { openActions } from '../../support/openActions.js';
import { compiled } from '../support/compiled.js';
import { after, before, both, keys, reopen, sealedUnder } from '../../support/rotatedKeyrings.js';

describe('re-encryption', () => {
  it('can be killed at any time: every target is unchanged or done, and the next run does the rest', async () => {
    const folder = temporaryFolder();
    closeAfterTest(folder.remove);
    const path = folder.file('events.db');
    const store = sqliteEventStore({ path, synchronous: 'NORMAL' });
    closeAfterTest(() => store.close());
    const first = await openActions({ eventStore: store, keyring: before });
    const count = 60;
    const targets = await Promise.all(
      Array.from({ length: count }, (_, place) =>
        first.actions.targets.add({
          name: `target ${place}`,
          type: 'webhook',
          endpoint: 'https://example.com/',
          headers: { 'x-api-key': `key ${place}` },
        }),
      ),
    );
    await first.actions.close();

    const worker = await compiled(fileURLToPath(new URL('reencryptWorker.ts', import.meta.url)));
    const child = spawn(process.execPath, [worker, path, JSON.stringify({ activeKeyID: 'k2', keys }), '25'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'exit');
    await once(createInterface({ input: child.stdout }), 'line');
    child.kill('SIGKILL');
    expect((await ended)[1]).to.equal('SIGKILL');

    const states = await Promise.all(
      targets.map(async ({ id }) => [...(await sealedUnder(store, `actions.target-default.${id}`))].join()),
    );
    const done = 25;
    expect(states.filter((ids) => ids === 'k2')).to.have.length(done);
    expect(states.filter((ids) => ids === 'k1')).to.have.length(count - done);

    const { actions } = await reopen(store, both);
    expect(await actions.reencrypt()).to.deep.equal({
      targets: count,
      resealed: 2 * (count - done),
      unreadable: [],
    });
    await actions.close();
    const last = await reopen(store, after);
    const views = await last.actions.targets.list();
    expect(views.items.map(({ headers }) => headers)).to.deep.equal(
      Array.from({ length: count }, () => ({ 'x-api-key': '***' })),
    );
    expect(await last.actions.reencrypt()).to.deep.equal({ targets: count, resealed: 0, unreadable: [] });
  });
});
