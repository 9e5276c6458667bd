import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { compiled } from '../../../support/compiled.js';

/** A separate process, and the complete lines that it has written. */
export interface StoreProcess {
  readonly lines: readonly string[];
  untilLine(condition: (line: string) => boolean): Promise<string>;
  /** Sends SIGKILL, which the process cannot handle. */
  kill(): Promise<void>;
  /** Ends its input and waits for its exit. */
  end(): Promise<number | null>;
}

export async function runStoreProcess(script: string, ...words: readonly string[]): Promise<StoreProcess> {
  const file = await compiled(fileURLToPath(new URL(script, import.meta.url)));
  const child: ChildProcess = spawn(process.execPath, [file, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  const lines: string[] = [];
  let rest = '';
  let news = (): void => undefined;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    news();
  });
  void closed.then(() => {
    news();
  });
  return {
    lines,
    async untilLine(condition) {
      let looked = 0;
      for (;;) {
        const found = lines.slice(looked).find(condition);
        if (found !== undefined) return found;
        looked = lines.length;
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`${script} ended too early`);
        await new Promise<void>((resolve) => {
          news = resolve;
        });
      }
    },
    async kill() {
      child.kill('SIGKILL');
      const [code] = await closed;
      if (code !== null && code !== 0) throw new Error(`${script} failed before it was killed`);
    },
    async end() {
      child.stdin?.end();
      const [code] = await closed;
      return code;
    },
  };
}
