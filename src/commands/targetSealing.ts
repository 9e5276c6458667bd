import { InvalidArgumentError, isActionsError } from '../errors.js';
import type { Clock, Keyring, SealedSecret } from '../ports.js';
import { headerContext, signingKeyContext } from '../target/secretContext.js';
import type { ActiveTarget, SigningKeyRotation } from '../target/target.js';
import { shownText } from '../lib/shown/shownText.js';

export interface TargetSealingOptions {
  /** `undefined` where the user gave none: no secret can be stored then. */
  readonly keyring: Keyring | undefined;
  readonly clock: Clock;
  readonly generateSigningKey: () => string;
}

/** Seals the signing keys and header values of targets. Each member throws {@link InvalidArgumentError} without a keyring. */
export function createTargetSealing({ keyring, clock, generateSigningKey }: TargetSealingOptions) {
  function requireKeyring(): Keyring {
    if (keyring) return keyring;
    throw new InvalidArgumentError(
      'signing keys and header values need a keyring to be stored: pass keyring: createKeyring({ activeKeyID, keys }) to createActions, ' +
        "or keyring: 'plaintext' to store them in the clear; nothing was written",
    );
  }

  const sealHeaders = (instance: string, id: string, headers: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]): [string, SealedSecret] => [
        name,
        requireKeyring().seal(value, headerContext(instance, id, name)),
      ]),
    );

  function holds(sealed: SealedSecret, value: string, context: string): boolean {
    try {
      return keyring?.open(sealed, context) === value;
    } catch (error) {
      if (isActionsError(error, 'SECRET_UNREADABLE')) return false;
      throw error;
    }
  }

  /**
   * Sealing a value twice gives different bytes. An unchanged header therefore keeps its stored bytes and its place, so
   * that a change without effect writes no event.
   */
  function changedHeaders(
    instance: string,
    id: string,
    stored: ActiveTarget['headers'],
    wanted: Readonly<Record<string, string | null>>,
  ): ActiveTarget['headers'] {
    const kept: [string, SealedSecret][] = [];
    const values = new Map(Object.entries(wanted));
    for (const [name, sealed] of Object.entries(stored)) {
      const value = values.get(name);
      if (value === undefined || (value !== null && !holds(sealed, value, headerContext(instance, id, name))))
        continue;
      kept.push([name, sealed]);
      values.delete(name);
    }
    const sealed = [...values].map(([name, value]): [string, string] => {
      if (value !== null) return [name, value];
      throw new InvalidArgumentError(
        `header ${shownText(name)} has no stored value to keep: give a value in place of null; nothing was written`,
      );
    });
    return { ...Object.fromEntries(kept), ...sealHeaders(instance, id, Object.fromEntries(sealed)) };
  }

  function newSigningKey(instance: string, targetID: string) {
    const signingKey = generateSigningKey();
    return { signingKey, sealed: requireKeyring().seal(signingKey, signingKeyContext(instance, targetID)) };
  }

  /** @param graceMs - how long the previous keys keep signing */
  function rotation(instance: string, targetID: string, graceMs: number) {
    const { signingKey, sealed } = newSigningKey(instance, targetID);
    const now = clock.now();
    const drawn: SigningKeyRotation = { signingKey: sealed, until: now + graceMs, now };
    return { signingKey, rotation: drawn };
  }

  return { sealHeaders, changedHeaders, newSigningKey, rotation };
}
