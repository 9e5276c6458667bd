import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { compiled } from '../../support/compiled.js';

/** The double in a process of its own, so that the work of the run does not slow it down. */
export async function openDouble(): Promise<{
  readonly connectionString: string;
  close(): Promise<void>;
}> {
  const file = await compiled(
    fileURLToPath(new URL('../../../eventstoredb/double/main.ts', import.meta.url)),
  );
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const died = exited.then(() => {
    throw new Error('the double has ended');
  });
  died.catch(() => undefined);
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), died])) as [string];
  return {
    connectionString: line.trim(),
    async close() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
