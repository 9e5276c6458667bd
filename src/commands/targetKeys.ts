import { z } from 'zod';
import { TargetNotFoundError } from '../errors.js';
import { parseCommand, parseInput } from '../lib/input.js';
import type { Clock } from '../ports.js';
import { shownKey, type PublicKey, type PublicKeyCommand } from '../target/publicKeys.js';
import { parseTargetEvent, target, targetStream, type Target } from '../target/target.js';
import type { CommandHandler } from './commandHandler.js';
import { keyIDPattern } from './targetIDs.js';
import type { CommandResult } from './targets.js';

/** A public key to add. */
export interface AddPublicKey {
  /** One PEM block, `BEGIN PUBLIC KEY`: RSA of 2048 to 8192 bits, or EC on P-256, P-384 or P-521. */
  readonly publicKey: string;
  /** Stands in the `kid` of each payload: 1 to 200 of `A-Z a-z 0-9 . _ ~ : -`. @defaultValue drawn */
  readonly keyID?: string;
  /** From then on nothing is sent to this key. A `Date`, or milliseconds since the epoch. @defaultValue never */
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

/** The public keys that payloads of type `jwe` are encrypted to. One is active at the most; the others wait for it. */
export interface TargetKeys {
  /**
   * Adds a key, which is not used before it is activated. The same key again changes nothing.
   *
   * @throws {@link InvalidArgumentError} for a key that nothing can be encrypted to, an expiry that has passed, and beyond
   *   20 keys; {@link AlreadyExistsError} where the id or the key is there with something else; {@link TargetNotFoundError}
   */
  add(targetID: string, key: AddPublicKey): Promise<AddedPublicKey>;
  /**
   * Makes a key the one in use, in the place of the one before.
   *
   * @throws {@link PublicKeyNotFoundError}, {@link TargetNotFoundError}; {@link InvalidArgumentError} for an expired key
   */
  activate(targetID: string, keyID: string): Promise<CommandResult>;
  /**
   * From then on a `jwe` target has no key, so that each of its calls fails: nothing is sent unencrypted instead.
   *
   * @throws {@link PublicKeyNotFoundError}, {@link TargetNotFoundError}
   */
  deactivate(targetID: string, keyID: string): Promise<CommandResult>;
  /** Removes a key, the active one too. Removing a missing one succeeds. @throws {@link TargetNotFoundError} @throws {@link TargetNotFoundError} */
  remove(targetID: string, keyID: string): Promise<CommandResult>;
  /**
   * What `add` would make of the PEM of a key. Writes nothing.
   *
   * @throws {@link InvalidArgumentError} for a key that nothing can be encrypted to
   */
  inspect(publicKey: string): Pick<PublicKey, 'algorithm' | 'fingerprint'>;
  /** In the order they were added, read from the event store. @throws {@link TargetNotFoundError} */
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
  keyID: z.string().regex(keyIDPattern, 'an id has 1 to 200 letters, digits, . _ ~ : or -').optional(),
  expiresAt: z
    .union([z.date().transform(Number), z.number().int()], 'a Date, or whole milliseconds since the epoch')
    .optional(),
});
const keyIDInput = z.string().min(1).max(200);

const aggregate = { decider: target, parse: parseTargetEvent };

export function createTargetKeys(options: TargetKeyOptions): TargetKeys {
  const { handler, clock, instanceID, generateTargetID, inspectPublicKey } = options;

  async function handle(
    targetID: string,
    commandFor: (state: Target) => PublicKeyCommand,
  ): Promise<CommandResult> {
    const instance = instanceID();
    const stream = targetStream(instance, targetID);
    return handler.handle(aggregate, stream, instance, (state) =>
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
      const state = await handler.look(aggregate, targetStream(instanceID(), targetID));
      if (state.status !== 'active') throw new TargetNotFoundError(targetID);
      return state.keys.map(shownKey);
    },
  };
}
