import type { DeliveryFault } from './faults.js';
import { cancelled, unavailable, type Failure } from './trailers.js';

/** How an open call ends. */
export type Drop = DeliveryFault | Failure;

export type OpenCall = {
  readonly kind: 'batch' | 'subscription' | 'persistent';
  readonly peer: string;
  /** Ends the call with status OK. */
  readonly end: () => void;
  readonly fail: (failure: Failure) => void;
};

export const dropCall = (call: OpenCall, how: Drop, cut: (peer: string) => void): void => {
  if (how === 'end') call.end();
  else if (how === 'reset') cut(call.peer);
  else if (how === 'unavailable') call.fail(unavailable());
  else if (how === 'cancelled') call.fail(cancelled());
  else call.fail(how);
};

/** The long calls that are open now. */
export class OpenCalls {
  readonly #open = new Set<OpenCall>();

  add(call: OpenCall): () => void {
    this.#open.add(call);
    return () => this.#open.delete(call);
  }

  of(...kinds: readonly OpenCall['kind'][]): readonly OpenCall[] {
    return [...this.#open].filter(({ kind }) => kinds.includes(kind));
  }
}
