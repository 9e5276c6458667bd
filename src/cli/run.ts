import { CommanderError } from 'commander';
import { errorCodeOf } from '../lib/errorCode.js';
import { exitCodes, failureOf, helpCode, showFailure } from './shell/failure.js';
import { createProgram } from './program.js';
import { createSession } from './session/commandSession.js';
import type { Terminal } from './shell/terminal.js';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** Runs one command line, without the name of the program. Resolves with the exit code. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => {
    interruption.abort();
    // A second interrupt ends the program without an orderly shutdown.
    for (const signal of signals) terminal.removeListener(signal, interrupt);
  };
  const isJSON = argv.includes('--json');
  const output = { isLost: false };
  const leave = (error: NodeJS.ErrnoException) => {
    // The reader of the output has closed it, as `head` does.
    interruption.abort();
    if (error.code === 'EPIPE' || output.isLost) return;
    output.isLost = true;
    // The write may fail after this function has ended.
    terminal.exitCode = exitCodes.failed;
    const message = `stdout cannot be written (${errorCodeOf(error)}); what was done so far stays`;
    showFailure(terminal, isJSON, { code: 'FAILED', message });
  };
  for (const signal of signals) terminal.on(signal, interrupt);
  // Keep the listener: the last write may fail after this function has ended.
  terminal.stdout.on('error', leave);
  const session = createSession(terminal, interruption.signal);
  const program = createProgram(session);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const failure = failureOf(error);
    const isShown = output.isLost || (!isJSON && error instanceof CommanderError && error.code === helpCode);
    if (!isShown) showFailure(terminal, isJSON, failure);
    return failure.exitCode;
  } finally {
    for (const signal of signals) terminal.removeListener(signal, interrupt);
  }
}
