import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTorture } from './torture/runTorture.js';

describe('workers that are killed and frozen while targets fail', () => {
  it('lose no event, reorder none and never call one lane twice at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'deliveries-'));
    try {
      const result = await runTorture({
        location: `sqlite:${folder}`,
        seconds: 8,
        workers: 3,
        events: 400,
        streams: 40,
        seed: 11,
        tell: () => undefined,
      });
      expect(result.violations).to.deep.equal([]);
      expect(result.left).to.equal(0);
      expect(result.events).to.equal(400);
      expect(result.kills + result.freezes).to.be.at.least(5);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }).timeout(240_000);
});
