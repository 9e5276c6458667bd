/** Why a request failed, as far as the page treats it differently. */
export type FailureKind = 'signedOut' | 'stale' | 'missing' | 'refused' | 'lost' | 'slow' | 'ended';

/** A request that was not answered as asked. `message` is for people, as text. */
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

/** Of anything that was thrown. */
export const asFailure = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure('refused', error instanceof Error ? error.message : 'The page failed; load it again.');
