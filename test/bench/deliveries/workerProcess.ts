import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createDeliveries, type WorkOptions } from '../../../src/index.js';
import { closePlaces, openPlaces } from './places.js';

/** A worker in a process of its own. */
export interface WorkerProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The partitions that the worker has. */
  partitions(): Promise<readonly number[]>;
}

export async function startWorkerProcess(
  folder: string,
  port: number,
  options: WorkOptions,
): Promise<WorkerProcess> {
  const file = fileURLToPath(import.meta.url);
  const child = fork(file, [folder, String(port), JSON.stringify(options)], { execArgv: [] });
  const exited = once(child, 'exit');
  await once(child, 'message');
  return {
    child,
    async partitions() {
      child.send('partitions');
      const [partitions] = (await once(child, 'message')) as [readonly number[]];
      return partitions;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function serve([folder = '', port = '', options = '{}']: readonly string[]): Promise<void> {
  const places = await openPlaces(folder, Number(port));
  const deliveries = createDeliveries({ actions: places.actions, store: places.progress });
  const worker = await deliveries.work(JSON.parse(options) as WorkOptions);
  process.on('message', () => process.send?.(worker.health().partitions));
  process.on('disconnect', () => {
    void closePlaces(places).then(() => process.exit());
  });
  process.send?.('works');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(process.argv.slice(2));
