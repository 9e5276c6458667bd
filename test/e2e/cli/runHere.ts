import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { run } from '../../../src/cli/run.js';
import type { OutputStream, Terminal } from '../../../src/cli/shell/terminal.js';
import type { Run } from './program.js';

interface Kept extends OutputStream {
  readonly text: () => string;
}

function output(): Kept {
  let text = '';
  return Object.assign(new EventEmitter(), {
    write(chunk: string) {
      text += chunk;
    },
    text: () => text,
  });
}

/** Runs a command line in this process, without a terminal: far quicker than the built program. */
export async function runHere(
  parameters: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Run> {
  return runOn(output(), parameters, env, input);
}

/** As {@link runHere}, where the user sends a signal as soon as the program writes `text` to stderr. */
export async function runInterrupted(
  [text, signal]: readonly [text: string, signal: 'SIGINT' | 'SIGTERM'],
  parameters: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Run> {
  const stderr = output();
  const { write } = stderr;
  let terminal: EventEmitter | undefined;
  stderr.write = (chunk: string) => {
    write(chunk);
    if (chunk.includes(text)) terminal?.emit(signal);
  };
  return runOn(stderr, parameters, env, '', (made) => (terminal = made));
}

async function runOn(
  stderr: Kept,
  parameters: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string,
  onTerminal?: (terminal: EventEmitter) => void,
): Promise<Run> {
  const stdout = output();
  const terminal = Object.assign(new EventEmitter(), { env, stdin: Readable.from([input]), stdout, stderr });
  onTerminal?.(terminal);
  const status = await startedIn(env, () => run(parameters, terminal satisfies Terminal));
  return { status, stdout: stdout.text(), stderr: stderr.text() };
}

/**
 * commander reads the variables of the environment before the first wait, so that no run sees those of another run.
 */
function startedIn<Result>(
  env: Readonly<Record<string, string>>,
  start: () => Promise<Result>,
): Promise<Result> {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    return start();
  } finally {
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
}
