import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { compiled } from '../../support/compiled.js';
import type { Call } from './receiver.js';

/** The receiver in a process of its own, so that the work of the run does not delay its calls. */
interface OpenedReceiver {
  readonly port: number;
  /** From now on only permanent refusals fail. */
  calm(): void;
  log(): Promise<readonly Call[]>;
  close(): Promise<void>;
}

export async function openReceiver(seed: number): Promise<OpenedReceiver> {
  const file = await compiled(fileURLToPath(new URL('receiverProcess.ts', import.meta.url)));
  const child = fork(file, [String(seed)], { execArgv: [], serialization: 'advanced' });
  const exited = once(child, 'exit');
  const died = exited.then(() => {
    throw new Error('the receiver has ended');
  });
  died.catch(() => undefined);
  const next = async (): Promise<unknown> => {
    const [message] = (await Promise.race([once(child, 'message'), died])) as [unknown];
    return message;
  };
  const { port } = (await next()) as { readonly port: number };
  return {
    port,
    calm() {
      child.send('calm');
    },
    async log() {
      child.send('log');
      return ((await next()) as { readonly log: readonly Call[] }).log;
    },
    async close() {
      child.disconnect();
      await exited;
    },
  };
}
