import { CallFailedError } from '../errors.js';
import type { ActiveTarget } from '../target/target.js';
import type { Envelope } from './envelope.js';
import type { JwtKeys } from './jwtKeys.js';
import { preparePublicKey, type PreparedPublicKey } from './publicKey.js';
import { shownText } from '../lib/shown/shownText.js';

/** Finds how the body for a target is wrapped. */
export interface EnvelopeReader {
  /**
   * @throws {@link CallFailedError} when a key that the target needs is missing, expired or unreadable; nothing is sent
   *   then
   */
  read(target: ActiveTarget, now: number): Envelope;
}

const plain: Envelope = { payloadType: 'json' };

const missing = (what: string): CallFailedError => new CallFailedError('secret-unreadable', what);

export function createEnvelopeReader(jwtKeys: JwtKeys | undefined): EnvelopeReader {
  const recipients = new WeakMap<ActiveTarget, PreparedPublicKey>();

  function recipientOf(target: ActiveTarget, now: number): PreparedPublicKey {
    const key = target.keys.find(({ active }) => active);
    if (!key)
      throw missing(
        'its payload type is jwe, but it has no active public key; nothing was sent: add one and activate it',
      );
    if (key.expiresAt !== undefined && key.expiresAt <= now)
      throw missing(
        `its public key ${shownText(key.keyID)} has expired; nothing was sent: add another one and activate it`,
      );
    let recipient = recipients.get(target);
    if (!recipient) recipients.set(target, (recipient = preparePublicKey(key.keyID, key.publicKey)));
    return recipient;
  }

  return {
    read(target, now) {
      const { payloadType } = target;
      if (payloadType === 'json') return plain;
      if (!jwtKeys)
        throw missing(
          `its payload type is ${payloadType}, but createActions has no jwtKeys; nothing was sent: pass jwtKeys`,
        );
      if (payloadType === 'jwt') return { payloadType, jwtKeys };
      return { payloadType, jwtKeys, recipient: recipientOf(target, now) };
    },
  };
}
