import { CommanderError } from 'commander';
import { InvalidArgumentError, isActionsError } from '../../errors.js';
import { printableLines } from '../../lib/shown/printable.js';
import { shortened } from '../../lib/shown/shortened.js';
import { stylesOf, type Terminal } from './terminal.js';
import { thrownText } from '../../lib/reading/shownValue.js';
import { ownFlags, ownOptions, withoutConsequence } from './ownOptions.js';

export const exitCodes = { done: 0, failed: 1, usage: 2, drift: 3, interrupted: 130 } as const;

/** commander's error code after showing the help for a missing command. */
export const helpCode = 'commander.help';

/** A command line that parses, but cannot run. */
export class UsageError extends Error {}

/** A file that the program refuses. Its members and paths are no options of the library, so its message stays as it is. */
export class FileError extends InvalidArgumentError {
  /** A member tells the class, as `code` does: a loader may hold this module twice. */
  readonly isInOwnWords = true;
}

/**
 * Parses a word of the command line with a function of the library.
 *
 * @throws {@link UsageError} where the library refuses it
 */
export function fromCommandLine<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw usageOf(error);
  }
}

/** The same for a question whose whole input comes from the command line. */
export async function answerFromCommandLine<Value>(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch (error) {
    throw usageOf(error);
  }
}

function usageOf(error: unknown): unknown {
  if (!isActionsError(error, 'INVALID_ARGUMENT')) return error;
  return new UsageError(withoutConsequence(ownFlags(error.message)), { cause: error });
}

/** The user interrupted the command. The message says what the command had done. */
export class InterruptedError extends Error {
  override readonly name = 'AbortError';
}

/** The text shown for an error: its message, never its stack. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly exitCode: number;
}

const longestShown = 100;

/** A message of commander, which shows the whole of a given value in quotes. */
const withShortValue = (message: string): string =>
  message
    .replace(/^error: /, '')
    .split("'")
    .map((text, place, texts) =>
      place === 0 || place === texts.length - 1 ? text : shortened(text, longestShown),
    )
    .join("'");

export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError)
    return { code: 'USAGE', message: error.message, exitCode: exitCodes.usage };
  if (error instanceof CommanderError && error.code === helpCode)
    return {
      code: 'USAGE',
      message: 'a command is missing; --help shows them',
      exitCode: exitCodes.usage,
    };
  if (error instanceof CommanderError)
    return { code: 'USAGE', message: withShortValue(error.message), exitCode: exitCodes.usage };
  if (isActionsError(error))
    return {
      code: error.code,
      message: 'isInOwnWords' in error ? error.message : ownOptions(error.detail ?? error.message),
      exitCode: exitCodes.failed,
    };
  if (error instanceof Error && error.name === 'AbortError')
    return {
      code: 'INTERRUPTED',
      message: error instanceof InterruptedError ? error.message : 'interrupted; what was done so far stays',
      exitCode: exitCodes.interrupted,
    };
  const message = thrownText(error);
  return { code: 'FAILED', message, exitCode: exitCodes.failed };
}

export function showFailure(
  terminal: Terminal,
  isJSON: boolean,
  { code, message }: Omit<Failure, 'exitCode'>,
): void {
  const style = stylesOf(terminal, terminal.stderr);
  const text = isJSON ? JSON.stringify({ error: { code, message } }) : message;
  terminal.stderr.write(`${isJSON ? '' : `${style('red', 'error:')} `}${printableLines(text)}\n`);
}
