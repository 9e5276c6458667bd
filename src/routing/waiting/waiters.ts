import { onAbort } from '../../lib/onAbort.js';
import { createWaitingPositions, type Waiter } from './waitingPositions.js';

/** The calls that wait for the index to catch up or to reach a position. */
interface Waiters {
  /** @throws the reason of `signal`, or what `fail` was given */
  untilCaughtUp(signal?: AbortSignal): Promise<void>;
  /** @throws the reason of `signal`, or what `fail` was given */
  untilReached(position: bigint, signal?: AbortSignal): Promise<void>;
  /** Whether a call waits for a position. */
  readonly waitForPosition: boolean;
  /** Resolves the calls that wait for the index to catch up. */
  caughtUp(): void;
  /** Resolves the calls that wait for this position or an earlier one: O(log n) for each. */
  reached(position: bigint | undefined): void;
  /** Rejects all waiters, later ones too. */
  fail(error: Error): void;
}

function createWaiter(signal: AbortSignal | undefined, onAborted: () => void): [Promise<void>, Waiter] {
  let isSettled = false;
  let resolve: () => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<void>((...ends) => {
    [resolve, reject] = ends;
  });
  const settle = (end: () => void) => {
    isSettled = true;
    stopListening();
    end();
  };
  const waiter: Waiter = {
    get isSettled() {
      return isSettled;
    },
    resolve: () => {
      settle(resolve);
    },
    reject: (reason) => {
      settle(() => {
        reject(reason);
      });
    },
  };
  const stopListening = onAbort(signal, () => {
    waiter.reject(signal?.reason);
    onAborted();
  });
  return [promise, waiter];
}

export function createWaiters(): Waiters {
  const forCatchUp = new Set<Waiter>();
  const positions = createWaitingPositions();
  let failure: Error | undefined;

  const refusal = (signal: AbortSignal | undefined): Promise<never> | undefined => {
    if (failure) return Promise.reject(failure);
    return signal?.aborted ? Promise.reject(signal.reason as Error) : undefined;
  };

  return {
    untilCaughtUp(signal) {
      const refused = refusal(signal);
      if (refused) return refused;
      const [promise, waiter] = createWaiter(signal, () => forCatchUp.delete(waiter));
      forCatchUp.add(waiter);
      return promise;
    },
    untilReached(position, signal) {
      const refused = refusal(signal);
      if (refused) return refused;
      const [promise, waiter] = createWaiter(signal, positions.noteAbort);
      positions.add(position, waiter);
      return promise;
    },
    get waitForPosition() {
      return positions.size > 0;
    },
    caughtUp() {
      for (const waiter of forCatchUp) waiter.resolve();
      forCatchUp.clear();
    },
    reached(position) {
      if (position !== undefined) for (const waiter of positions.takeUpTo(position)) waiter.resolve();
    },
    fail(error) {
      failure = error;
      for (const waiter of forCatchUp) waiter.reject(error);
      forCatchUp.clear();
      for (const waiter of positions.takeAll()) waiter.reject(error);
    },
  };
}
