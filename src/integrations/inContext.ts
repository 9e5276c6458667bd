import type { EventEmitter } from 'node:events';
import { onAbort } from '../lib/onAbort.js';

/** Runs code on behalf of a caller. */
export interface CallerScope {
  run<Result>(action: () => Result): Result;
}

/**
 * Runs the listeners of an emitter in the caller's context. Without it a listener runs in the context of the event's
 * cause, such as a frame on a socket that calls of several callers share.
 */
export function emitInContext(emitter: EventEmitter, scope: CallerScope): void {
  const emit = emitter.emit.bind(emitter);
  emitter.emit = (event: string | symbol, ...sent: unknown[]) => scope.run(() => emit(event, ...sent));
}

/** A signal that aborts with the given one, and runs its listeners in the caller's context. */
export function signalInContext(signal: AbortSignal, scope: CallerScope): AbortSignal {
  if (signal.aborted) return signal;
  const controller = new AbortController();
  onAbort(signal, () => {
    scope.run(() => {
      controller.abort(signal.reason);
    });
  });
  return controller.signal;
}

/**
 * The same messages, each requested in the caller's context: the body of an async generator runs in the context of the
 * code that requests its next value.
 */
export const iterateInContext = <Message>(
  messages: AsyncIterable<Message>,
  scope: CallerScope,
): AsyncIterable<Message> => ({
  [Symbol.asyncIterator]() {
    const iterator = scope.run(() => messages[Symbol.asyncIterator]());
    return {
      next: () => scope.run(() => iterator.next()),
      // These methods end generators.
      ...(iterator.throw && {
        throw: (error: unknown) => scope.run(() => (iterator as Required<typeof iterator>).throw(error)),
      }),
      ...(iterator.return && {
        return: (value: unknown) => scope.run(() => (iterator as Required<typeof iterator>).return(value)),
      }),
    };
  },
});
