import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { compiled } from '../support/compiled.js';

/** A process that works until it is killed. */
export interface Worker {
  /** SIGKILL, and waits until the process is gone. */
  kill(): Promise<void>;
}

/**
 * Starts a TypeScript file as a process that prints a JSON line `{ what, ... }` for each step that it has done.
 *
 * @param onLine - receives each line
 * @returns once the process has printed `started`. Rejects where it ends before; `onEnd` hears of an end without a kill
 */
export async function startWorker(
  [file, ...parameters]: readonly [file: string, ...parameters: string[]],
  onLine: (line: unknown) => void,
  onEnd: () => void = () => undefined,
): Promise<Worker> {
  const child = spawn(process.execPath, [await compiled(file), ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code, signal) => {
      if (signal === 'SIGKILL') return;
      onEnd();
      reject(new Error(`${file} ended unexpectedly, with ${String(code)}`));
    });
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as { readonly what: string };
      onLine(line);
      if (line.what === 'started') resolve();
    });
  });
  return {
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
