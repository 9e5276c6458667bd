import type { Failure } from './trailers.js';

export type OpenCall = {
  readonly kind: 'batch' | 'subscription' | 'persistent';
  readonly peer: string;
  /** Ends the call with status OK. */
  readonly end: () => void;
  readonly fail: (failure: Failure) => void;
};

/** The long calls that are open right now. */
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
