import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';

const registering = ['on', 'addListener', 'once', 'prependListener', 'prependOnceListener'] as const;
type Register = (event: string | symbol, listener: (...sent: unknown[]) => void) => unknown;

/**
 * Keeps `drain` listeners on the response itself. Compressing middleware moves them to its own stream, which emits
 * nothing while the response is held; later `drain` events of that stream are passed on to the response's listeners.
 */
export function keepDrainListeners(response: ServerResponse): void {
  const methods = response as unknown as Record<(typeof registering)[number], Register>;
  const own = EventEmitter.prototype as unknown as Record<(typeof registering)[number], Register>;
  const overridden = registering.filter((name) => methods[name] !== own[name]);
  if (overridden.length === 0) return;

  const register = methods.on.bind(response);
  for (const name of overridden) {
    const elsewhere = methods[name].bind(response);
    methods[name] = (event, listener) =>
      event === 'drain' ? own[name].call(response, event, listener) : elsewhere(event, listener);
  }
  register('drain', function (this: unknown) {
    if (this !== response) response.emit('drain');
  });
}
