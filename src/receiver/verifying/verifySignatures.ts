import { InvalidSignatureError } from '../../errors.js';
import type { TakenHeaders } from './requestHeaders.js';
import type { SignatureCheck } from './signatureCheck.js';
import { verifyStandardSignature } from './standardSignature.js';
import { verifyZitadelSignature } from './zitadelSignature.js';

/**
 * Accepts a call when one scheme verifies and none that is present fails. A scheme is skipped where this receiver has
 * no key for it, or knows none of the versions in its header.
 *
 * @returns the id, where the scheme that signs it verified
 * @throws {@link InvalidSignatureError}
 */
export function verifySignatures(
  headers: TakenHeaders,
  check: SignatureCheck,
): { readonly id: string | undefined } {
  const zitadel = headers['zitadel-signature'];
  const standard = headers['webhook-signature'];
  if (zitadel === undefined && standard === undefined)
    throw new InvalidSignatureError(
      'missing',
      'the call carries neither zitadel-signature nor webhook-signature: it is not from a sender of this kind, or a proxy removed them',
    );
  const zitadelVerified = zitadel !== undefined && verifyZitadelSignature(zitadel, check);
  const id = headers['webhook-id'];
  const standardVerified =
    standard !== undefined &&
    verifyStandardSignature({ id, timestamp: headers['webhook-timestamp'], signature: standard }, check);
  if (!zitadelVerified && !standardVerified)
    throw new InvalidSignatureError(
      'mismatch',
      'none of the signatures is of a version and a kind of key that this receiver has; give it the signing key of the target',
    );
  return { id: standardVerified ? id : undefined };
}
