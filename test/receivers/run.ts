/**
 * Runs the receivers of the wire page in Python, Go and Java: `npm run test:receivers`. Ends non-zero where a language is not
 * installed here, which its suite in the second tier passes over.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const missing = ['python3', 'go', 'javac'].filter(
  (program) => spawnSync(program, ['--version']).error !== undefined,
);
const { status } = spawnSync(
  process.execPath,
  [resolve('node_modules/mocha/bin/mocha.js'), 'test/e2e/receiver/otherLanguages.test.ts'],
  { stdio: 'inherit', timeout: 600_000 },
);
process.stdout.write(`== not run, for want of a compiler: ${missing.join(', ') || 'none'}\n`);
process.exitCode = status === 0 && missing.length === 0 ? 0 : 1;
