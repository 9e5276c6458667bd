import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { promisify } from 'node:util';
import { closeAfterTest } from '../../support/closings.js';
import { permissions } from '../../../src/zitadel/wire/rpcTable.js';
import { startProgram } from '../cli/program.js';
import { openPlace } from '../cli/stores.js';

export const digestOf = (token: string): string => createHash('sha256').update(token).digest('hex');

export const writeTokens = (path: string, tokens: readonly object[]): void => {
  writeFileSync(path, JSON.stringify({ tokens }), { mode: 0o600 });
};

/** A store, and a file of one token with all permissions. */
export async function openServed() {
  const { env, file } = await openPlace('SQLite');
  const tokenFile = file('tokens.json');
  writeTokens(tokenFile, [{ sha256: digestOf('all'), permissions, userID: 'ann' }]);

  /** Starts a process that serves the store on a port of its own, and ends it with the test. */
  async function serve(...parameters: readonly string[]) {
    const process = startProgram(
      ['serve', '--json', '--port', '0', '--token-file', tokenFile, ...parameters],
      {
        // Each process has an index of its own.
        env: { ...env, EVENTSTORE_ACTIONS_INDEX: file(`index-${Math.random().toString(36).slice(2)}.db`) },
      },
    );
    const exited = new Promise<number | null>((resolve) => process.once('exit', resolve));
    closeAfterTest(async () => {
      process.kill('SIGTERM');
      await exited;
    });
    const stderr: string[] = [];
    const lines = createInterface({ input: process.stderr! });
    const port = await new Promise<number>((resolve, reject) => {
      lines.on('line', (line) => {
        stderr.push(line);
        if (line.includes('"listening"'))
          resolve((JSON.parse(line) as { readonly listening: { readonly port: number } }).listening.port);
      });
      process.once('exit', () => {
        reject(new Error(`it ended: ${stderr.join('\n')}`));
      });
    });
    return { port, process, exited, stderr };
  }

  return { env, file, tokenFile, serve };
}

/** The output of curl, and the status. */
export async function curl(...parameters: readonly string[]) {
  const { stdout } = await promisify(execFile)(
    'curl',
    [
      '--silent',
      '--show-error',
      '--max-time',
      '30',
      '--noproxy',
      '*',
      '--write-out',
      '\n%{http_code}',
      ...parameters,
    ],
    { timeout: 40_000 },
  );
  const end = stdout.lastIndexOf('\n');
  return {
    status: Number(stdout.slice(end + 1)),
    body: JSON.parse(stdout.slice(0, end)) as Record<string, never> & { readonly id: string },
  };
}
