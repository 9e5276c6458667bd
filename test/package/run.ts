import { spawnSync } from 'node:child_process';

interface Ended {
  readonly status: number | null;
  /** The output, stdout before stderr. */
  readonly output: string;
}

/** Runs a program to its end, also where it fails. */
export function runAnyway(program: string, parameters: readonly string[], folder = '.'): Ended {
  const { status, stdout, stderr, error } = spawnSync(program, parameters, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  return { status, output: status === 0 ? stdout : stdout + stderr };
}

/** Runs a program and returns its output; the error of a failed program has the output. */
export function run(program: string, parameters: readonly string[], folder = '.'): string {
  const { status, output } = runAnyway(program, parameters, folder);
  if (status !== 0) throw new Error(`${program} ${parameters.join(' ')} ended with ${status}:\n${output}`);
  return output;
}
