import { execFile, type ExecFileException } from 'node:child_process';
import { promisify } from 'node:util';

interface Running {
  /** The name of the program in the error. */
  readonly name: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** The time after which the program is killed. Milliseconds. */
  readonly longestMs: number;
}

/** An error has at most this many lines of the output, and this many characters of each. */
const mostLines = 60;
const longestLine = 300;

/** How a program ended: by itself, by a signal, or because it took too long. */
function endOf({ killed, signal, code }: ExecFileException, longestMs: number): string {
  if (typeof code === 'string') return `failed with ${code}`;
  if (killed) return `was killed after ${longestMs / 1_000} s`;
  return signal ? `was ended by ${signal}` : `ended with ${code ?? 'no status'}`;
}

/**
 * Returns the output of a program. Rejects where the program fails or takes too long; the error tells which, and
 * has the end of the output.
 */
export async function runToEnd(
  program: string,
  parameters: readonly string[],
  { name, cwd, env, longestMs }: Running,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  try {
    return await promisify(execFile)(program, parameters, {
      cwd,
      env,
      timeout: longestMs,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    const failure = error as ExecFileException;
    // Shorten long lines: a minified bundle prints the whole line that failed.
    const said = `${failure.stdout ?? ''}${failure.stderr ?? ''}`
      .split('\n')
      .map((line) => line.slice(0, longestLine));
    throw new Error([`${name}\n${endOf(failure, longestMs)}`, ...said.slice(-mostLines)].join('\n'), {
      cause: error,
    });
  }
}
