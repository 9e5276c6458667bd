import { z } from 'zod';
import { TargetNotFoundError } from '../errors.js';
import { parseCommand, parseInput } from '../lib/input.js';
import type { Clock } from '../ports.js';
import { shownKey, type PublicKey, type PublicKeyCommand } from '../target/publicKeys.js';
import { target, targetStream, type Target } from '../target/target.js';
import { targetAggregate } from './aggregates.js';
import type { CommandHandler } from './commandHandler.js';
import type { CommandResult } from './targets.js';
import { keyIDPattern, keyIDRule } from '../target/settings.js';

/** A public key to add. */
export interface AddPublicKey {
  /** One PEM block, `BEGIN PUBLIC KEY`: RSA of 2048 to 8192 bits, or EC on P-256, P-384 or P-521. */
  readonly publicKey: string;
  /**
   * The id of the key, which each payload names as its `kid`: 1 to 200 of `A-Z a-z 0-9 . _ ~ : -`.
   * @defaultValue drawn
   */
  readonly keyID?: string;
  /**
   * The time from which no payload is encrypted to this key: a `Date`, or milliseconds since the epoch.
   * @defaultValue never
   */
  readonly expiresAt?: Date | number;
}

/** The result of `targets.keys.add`. */
export interface AddedPublicKey extends CommandResult {
  /** The id of the key: the `kid` of payloads. */
  readonly keyID: string;
  /** The algorithm that content keys are encrypted with, `RSA-OAEP-256` for example. */
  readonly algorithm: string;
  /** `SHA256:` and the unpadded base64 of the SHA-256 of the DER form. */
  readonly fingerprint: string;
}

/**
 * The public keys of targets whose payloads are `jwe`. At most one key of a target is active: payloads are encrypted to
 * it.
 */
export interface TargetKeys {
  /**
   * Adds a key. It is not used until `activate` makes it the active one. Adding the same key again changes nothing.
   *
   * @throws {@link InvalidArgumentError} for a text that is no public key for encryption, an expiry that has passed,
   * and beyond 20 keys; {@link AlreadyExistsError} where the target has another key of this id, or the same key with
   * another id or expiry; {@link TargetNotFoundError}
   */
  add(targetID: string, key: AddPublicKey): Promise<AddedPublicKey>;
  /**
   * Makes a key the active one; the key that was active stays, not active.
   *
   * @throws {@link PublicKeyNotFoundError}, {@link TargetNotFoundError}; {@link InvalidArgumentError} for an expired
   * key
   */
  activate(targetID: string, keyID: string): Promise<CommandResult>;
  /**
   * Deactivates the key. A `jwe` target without an active key is sent nothing: each of its calls fails, and no payload
   * leaves unencrypted.
   *
   * @throws {@link PublicKeyNotFoundError}, {@link TargetNotFoundError}
   */
  deactivate(targetID: string, keyID: string): Promise<CommandResult>;
  /**
   * Removes a key, also the active one. Removing a missing key succeeds.
   * @throws {@link TargetNotFoundError}
   */
  remove(targetID: string, keyID: string): Promise<CommandResult>;
  /**
   * The algorithm and the fingerprint that `add` would store for a PEM. Writes nothing.
   *
   * @throws {@link InvalidArgumentError} for a key that nothing can be encrypted to
   */
  inspect(publicKey: string): Pick<PublicKey, 'algorithm' | 'fingerprint'>;
  /**
   * Lists the keys of a target in the order in which they were added, read from the event store.
   * @throws {@link TargetNotFoundError}
   */
  list(targetID: string): Promise<readonly PublicKey[]>;
}

export interface TargetKeyOptions {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly instanceID: () => string;
  readonly generateTargetID: () => string;
  /** Throws {@link InvalidArgumentError} for a text that is no acceptable public key. */
  readonly inspectPublicKey: (pem: string) => Pick<PublicKey, 'algorithm' | 'fingerprint'>;
}

const addInput = z.strictObject({
  publicKey: z.string(),
  keyID: z.string().regex(keyIDPattern, keyIDRule).optional(),
  expiresAt: z
    .union([z.date().transform(Number), z.number().int()], 'a Date, or whole milliseconds since the epoch')
    .optional(),
});
const keyIDInput = z.string().min(1).max(200);

export function createTargetKeys(options: TargetKeyOptions): TargetKeys {
  const { handler, clock, instanceID, generateTargetID, inspectPublicKey } = options;

  async function handle(
    targetID: string,
    commandFor: (state: Target) => PublicKeyCommand,
  ): Promise<CommandResult> {
    const instance = instanceID();
    const stream = targetStream(instance, targetID);
    return handler.handle(targetAggregate, stream, instance, (state) =>
      target.decide({ ...commandFor(state), targetID }, state),
    );
  }

  return {
    async add(targetID, input) {
      const { publicKey: pem, keyID, expiresAt } = parseCommand(addInput, input, 'the public key');
      const { algorithm, fingerprint } = inspectPublicKey(pem);
      const key = {
        keyID: keyID ?? generateTargetID(),
        publicKey: pem.trim(),
        fingerprint,
        algorithm,
        ...(expiresAt !== undefined && { expiresAt }),
      };
      let known: string | undefined;
      const result = await handle(targetID, (state) => {
        const keys = state.status === 'active' ? state.keys : [];
        known = keys.find((each) => each.fingerprint === fingerprint)?.keyID;
        return { type: 'addKey', key, hasDrawnID: keyID === undefined, now: clock.now() };
      });
      return { keyID: known ?? key.keyID, algorithm, fingerprint, ...result };
    },

    async activate(targetID, keyID) {
      const parsed = parseCommand(keyIDInput, keyID, 'the id of the key');
      return handle(targetID, () => ({ type: 'activateKey', keyID: parsed, now: clock.now() }));
    },

    async deactivate(targetID, keyID) {
      const parsed = parseCommand(keyIDInput, keyID, 'the id of the key');
      return handle(targetID, () => ({ type: 'deactivateKey', keyID: parsed }));
    },

    async remove(targetID, keyID) {
      const parsed = parseCommand(keyIDInput, keyID, 'the id of the key');
      return handle(targetID, () => ({ type: 'removeKey', keyID: parsed }));
    },

    inspect: (publicKey) => inspectPublicKey(parseInput(z.string(), publicKey, 'the public key')),

    async list(targetID) {
      const state = await handler.look(targetAggregate, targetStream(instanceID(), targetID));
      if (state.status !== 'active') throw new TargetNotFoundError(targetID);
      return state.keys.map(shownKey);
    },
  };
}
