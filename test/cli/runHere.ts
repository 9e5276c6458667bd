import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { run } from '../../src/cli/run.js';
import type { Output, Terminal } from '../../src/cli/terminal.js';
import type { Run } from './program.js';

interface Kept extends Output {
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
  const [stdout, stderr] = [output(), output()];
  const terminal: Terminal = Object.assign(new EventEmitter(), {
    env,
    stdin: Readable.from([input]),
    stdout,
    stderr,
  });
  // commander reads variables of the environment from the process.
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    const status = await run(parameters, terminal);
    return { status, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
}
