import { setMaxListeners } from 'node:events';

const allowed = new WeakSet<AbortSignal>();

/**
 * Operations that share a signal each listen to it while they run, and stop when they end; Node would take more than ten
 * for a leak and warn.
 */
export function allowManyListeners(signal: AbortSignal): void {
  // A signal of a polyfill counts no listeners, and Node would not take it.
  if (allowed.has(signal) || !(signal instanceof AbortSignal)) return;
  allowed.add(signal);
  // Not 0, which means the same, but makes events.getMaxListeners of Node 20 throw for whoever asks.
  setMaxListeners(Infinity, signal);
}
