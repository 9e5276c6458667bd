import { InvalidSignatureError } from '../../errors.js';
import type { VerificationKeys } from './verificationKeys.js';

/** The facts that a scheme is checked against. */
export interface SignatureCheck {
  readonly keys: VerificationKeys;
  readonly body: Uint8Array;
  /** Seconds since the Unix epoch. */
  readonly nowSeconds: number;
  readonly toleranceSeconds: number;
}

/** More signatures than a key rotation needs; each costs a comparison, or a verification of ed25519. */
export const mostSignatures = 20;

/** Reads a time in whole seconds and checks that it is neither too old nor too far ahead. */
export function checkTimestamp(text: string, header: string, check: SignatureCheck): void {
  if (!/^\d{1,12}$/.test(text))
    throw new InvalidSignatureError('malformed', `${header} holds no time in whole seconds`);
  const age = check.nowSeconds - Number(text);
  if (age > check.toleranceSeconds) throw outOfTolerance('too-old', header, age, check);
  // Negated, so that an age of NaN is refused too.
  if (!(-age <= check.toleranceSeconds)) throw outOfTolerance('too-new', header, age, check);
}

const outOfTolerance = (
  reason: 'too-old' | 'too-new',
  header: string,
  age: number,
  { toleranceSeconds }: SignatureCheck,
): InvalidSignatureError =>
  new InvalidSignatureError(
    reason,
    `${header} was signed ${Math.abs(age)} s ${age > 0 ? 'ago' : 'in the future'}, more than the ${toleranceSeconds} s allowed: ` +
      'the call is a replay, or the clocks differ',
  );

export const mismatch = (header: string): InvalidSignatureError =>
  new InvalidSignatureError(
    'mismatch',
    `no signature of ${header} fits the body: the signing key is another one, or the body is not the bytes that came`,
  );
