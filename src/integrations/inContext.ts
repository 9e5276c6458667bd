import type { EventEmitter } from 'node:events';
import { onAbort } from '../lib/onAbort.js';

/** Runs code on behalf of a caller. */
export interface CallerScope {
  run<Result>(action: () => Result): Result;
}

const heardKey = Symbol('eventstore-actions: heard in');

/** The scope of an emitter's listeners, and its original `emit`. */
interface Heard {
  scope: CallerScope;
  readonly emit: EventEmitter['emit'];
}
type Hearing = EventEmitter & { [heardKey]?: Heard };

/** One function for all emitters: a function made for each call would cost several times as much. */
function emitHeard(this: Hearing, event: string | symbol, ...sent: unknown[]): boolean {
  const { scope, emit } = this[heardKey] as Heard;
  return scope.run(() => Reflect.apply(emit, this, [event, ...sent]));
}

/**
 * Runs the listeners of an emitter in the caller's context. Without this, a listener runs in the context of the cause of
 * the event, such as a frame on a socket that several callers share. A later scope replaces an earlier one.
 */
export function emitInContext(emitter: EventEmitter, scope: CallerScope): void {
  const hearing = emitter as Hearing;
  const heard = hearing[heardKey];
  if (heard) {
    heard.scope = scope;
    return;
  }
  hearing[heardKey] = { scope, emit: emitter.emit };
  emitter.emit = emitHeard;
}

/** The scope in which the listeners of an emitter run. */
export const scopeOf = (emitter: EventEmitter): CallerScope | undefined =>
  (emitter as Hearing)[heardKey]?.scope;

/** Returns a signal that aborts with the given one and runs its listeners in the caller's context. */
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
 * Yields the same messages, each requested in the caller's context: the body of an async generator runs in the context of
 * the code that requests its next value.
 */
export const iterateInContext = <Message>(
  messages: AsyncIterable<Message>,
  scope: CallerScope,
): AsyncIterable<Message> => ({
  [Symbol.asyncIterator]() {
    const iterator = scope.run(() => messages[Symbol.asyncIterator]());
    return {
      next: () => scope.run(() => iterator.next()),
      // Wrap the methods that end generators.
      ...(iterator.throw && {
        throw: (error: unknown) => scope.run(() => (iterator as Required<typeof iterator>).throw(error)),
      }),
      ...(iterator.return && {
        return: (value: unknown) => scope.run(() => (iterator as Required<typeof iterator>).return(value)),
      }),
    };
  },
});
