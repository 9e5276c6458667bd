import { runReporting } from './ignoredError.js';

interface Waiting {
  readonly calls: Set<() => void>;
  readonly listener: () => void;
}

/** The callbacks that wait for each signal. */
const waitingFor = new WeakMap<AbortSignal, Waiting>();
const nothing = () => undefined;

/**
 * Calls `callback` once when `signal` aborts: at once where it is aborted already.
 *
 * A signal has one listener of ours, for any number of callbacks: Node searches a list to remove a listener, and warns
 * of more than ten. Without callbacks the listener is removed, so that a long-lived signal keeps nothing.
 *
 * @returns removes the callback; call it when the work that the abort would end is over
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return nothing;
  if (signal.aborted) {
    runReporting('what an abort ends', callback);
    return nothing;
  }
  const waiting = waitingFor.get(signal) ?? listenTo(signal);
  // Wrap the callback in a new function, so that one callback may wait twice.
  const call = () => {
    callback();
  };
  waiting.calls.add(call);
  return () => {
    if (!waiting.calls.delete(call) || waiting.calls.size > 0) return;
    signal.removeEventListener('abort', waiting.listener);
    waitingFor.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Waiting {
  const calls = new Set<() => void>();
  const listener = () => {
    waitingFor.delete(signal);
    for (const call of calls) runReporting('what an abort ends', call);
    calls.clear();
  };
  const waiting = { calls, listener };
  waitingFor.set(signal, waiting);
  signal.addEventListener('abort', listener, { once: true });
  return waiting;
}
