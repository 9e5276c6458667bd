import { runReporting } from './ignoredError.js';

/** Runs `action` at the end of this turn of the event loop. What it throws becomes a warning. */
export function soon(where: string, action: () => void): void {
  setImmediate(runReporting, where, action);
}

/** Runs `action` once. What it throws becomes a warning. */
export function later(where: string, milliseconds: number, action: () => void): NodeJS.Timeout {
  return setTimeout(runReporting, milliseconds, where, action);
}

/** Runs `action` every `milliseconds`, after one that threw too. What it throws becomes a warning. */
export function every(where: string, milliseconds: number, action: () => void): NodeJS.Timeout {
  return setInterval(runReporting, milliseconds, where, action);
}
