/** The kinds of failures that the page handles differently. */
export type FailureKind = 'signedOut' | 'stale' | 'missing' | 'refused' | 'lost' | 'slow' | 'ended';

/** The failure of a request. `message` is text for people. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly code: string;

  constructor(kind: FailureKind, message: string, code = '') {
    super(message);
    this.name = 'Failure';
    this.kind = kind;
    this.code = code;
  }
}

/** Turns any thrown value into a failure. */
export const asFailure = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure('refused', error instanceof Error ? error.message : 'The page failed; load it again.');
