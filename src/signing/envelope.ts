import { CompactEncrypt } from 'jose';

import type { JwtKeys } from './jwtKeys.js';
import type { PreparedPublicKey } from './publicKey.js';

/** How the body of a call is wrapped: as it is, signed, or signed and then encrypted to the target's active key. */
export type Envelope =
  | { readonly payloadType: 'json' }
  | { readonly payloadType: 'jwt'; readonly jwtKeys: JwtKeys }
  | { readonly payloadType: 'jwe'; readonly jwtKeys: JwtKeys; readonly recipient: PreparedPublicKey };

/**
 * Wraps a JSON body for the wire: the body itself (returned without a promise); a compact JWS whose payload is exactly
 * its UTF-8 bytes; or that JWS nested in a JWE (`cty: JWT`, RFC 7519 section 5.2) with A256GCM.
 */
export function wrapBody(envelope: Envelope, body: string): string | Promise<string> {
  if (envelope.payloadType === 'json') return body;
  if (envelope.payloadType === 'jwt') return envelope.jwtKeys.sign(body);
  return signAndEncrypt(envelope.jwtKeys, envelope.recipient, body);
}

async function signAndEncrypt(jwtKeys: JwtKeys, recipient: PreparedPublicKey, body: string): Promise<string> {
  const { algorithm, keyID, key } = recipient;
  return new CompactEncrypt(Buffer.from(await jwtKeys.sign(body)))
    .setProtectedHeader({ alg: algorithm, enc: 'A256GCM', kid: keyID, typ: 'JWT', cty: 'JWT' })
    .encrypt(key);
}
