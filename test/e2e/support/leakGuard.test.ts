import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('leak guard', () => {
  it('fails a run that leaves a server open, and names the server', () => {
    const folder = mkdtempSync(join(tmpdir(), 'leak-'));
    try {
      const spec = join(folder, 'leaky.mjs');
      writeFileSync(
        spec,
        `import { createServer } from 'node:net'; it('leaks', () => { createServer().listen(0, '127.0.0.1'); });`,
      );
      const run = spawnSync(
        process.execPath,
        [
          'node_modules/mocha/bin/mocha.js',
          '--no-config',
          '--import=tsx',
          '--require',
          'test/support/leakGuard.ts',
          spec,
        ],
        { encoding: 'utf8', env: { ...process.env, LEAK_GRACE_MS: '500' } },
      );
      expect(run.status).to.equal(1);
      expect(run.stdout).to.contain('left handles open').and.to.contain('TCPServerWrap');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
