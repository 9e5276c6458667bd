import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { closeAfterTest } from '../../support/closings.js';
import { compiled } from '../support/compiled.js';

/** A worker in a process of its own. */
interface WorkerProcess {
  /** Resolves once the worker runs. */
  readonly works: Promise<void>;
  /** Kills the process at any step. */
  kill(): Promise<void>;
  /** The lines of its health. */
  readonly health: readonly string[];
}

const leaseMs = 1_000;
const commitMs = 50;

/** @param mostKilobytes - the limit of the size of each file that it writes. @defaultValue no limit */
export async function startWorkerProcess(
  location: string,
  port: number,
  mostKilobytes?: number,
): Promise<WorkerProcess> {
  const file = await compiled(fileURLToPath(new URL('torture/worker.ts', import.meta.url)));
  const words = [file, location, port, leaseMs, commitMs].map(String);
  const limit = mostKilobytes === undefined ? '' : `ulimit -f ${mostKilobytes};`;
  const child = spawn('bash', ['-c', `${limit} exec "$0" "$@"`, process.execPath, ...words], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, TORTURE_HEALTH: '100' },
  });
  const exited = once(child, 'exit');
  const health: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => health.push(...text.trimEnd().split('\n')));
  const worker: WorkerProcess = {
    works: once(createInterface({ input: child.stdout }), 'line').then(() => undefined),
    health,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
  closeAfterTest(() => worker.kill());
  return worker;
}
