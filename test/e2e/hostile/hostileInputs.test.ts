import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiled } from '../support/compiled.js';
import type { Growth } from './growing.js';

const here = fileURLToPath(new URL('.', import.meta.url));
/** Linear is 4, quadratic 16. */
const most = 9;
/** Smaller costs are noise. */
const least = { cpuMs: 60, bytes: 48 * 1_024 * 1_024 };
const limits = ['--expose-gc', '--max-old-space-size=512'];

/** Runs the inputs of a file in a process of their own, which may run out of memory or time. */
async function growthOf(
  file: string,
): Promise<{ readonly growths: readonly Growth[]; readonly end: string }> {
  const child = [...limits, await compiled(`${here}child.ts`), await compiled(`${here}inputs/${file}.ts`)];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      child,
      { timeout: 280_000, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
        const growths = lines.map((line) => JSON.parse(line) as Growth);
        resolve({ growths, end: error ? `${error.signal ?? ''} ${stderr.slice(-2_000)}` : '' });
      },
    );
  });
}

describe('an input that an outsider makes four times as large', () => {
  for (const file of readdirSync(`${here}inputs`).map((name) => name.replace(/\.ts$/, '')))
    it(`takes no more than a few times the time and memory: ${file}`, async function () {
      this.timeout(300_000);
      const { growths, end } = await growthOf(file);
      expect(end, `ended after ${growths.map(({ name }) => name).join(', ')}`).to.equal('');
      expect(growths).not.to.be.empty;
      for (const { name, cpuMs, bytes } of growths) {
        const times = [
          cpuMs[1] / Math.max(cpuMs[0], least.cpuMs),
          bytes[1] / Math.max(bytes[0], least.bytes),
        ];
        expect(times[0], `${name}: ${cpuMs.join(' and ')} ms of CPU`).to.be.below(most);
        expect(times[1], `${name}: ${bytes.join(' and ')} bytes`).to.be.below(most);
      }
    });
});
