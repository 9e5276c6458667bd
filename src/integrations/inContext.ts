import type { EventEmitter } from 'node:events';
import { onAbort } from '../lib/onAbort.js';

/** Runs code on behalf of a caller. */
export interface CallerScope {
  run<Result>(action: () => Result): Result;
}

const heardKey = Symbol('eventstore-actions: heard in');

/** Where the listeners of an emitter run, and the `emit` that was there before. */
interface Heard {
  scope: CallerScope;
  readonly emit: EventEmitter['emit'];
}
type Hearing = EventEmitter & { [heardKey]?: Heard };

/** The same function for every emitter: one made for each call costs several times as much. */
function emitHeard(this: Hearing, event: string | symbol, ...sent: unknown[]): boolean {
  const { scope, emit } = this[heardKey] as Heard;
  return scope.run(() => Reflect.apply(emit, this, [event, ...sent]));
}

/**
 * Runs the listeners of an emitter in the caller's context. Without it a listener runs in the context of what caused the event,
 * such as a frame on a socket that calls of several callers share. The scope that is given last counts.
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
