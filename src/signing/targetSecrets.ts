import { SecretUnreadableError, isActionsError } from '../errors.js';
import type { Keyring } from '../ports.js';
import { headerContext, signingKeyContext } from '../target/secretContext.js';
import type { ActiveTarget } from '../target/target.js';
import { prepareSigningKey, type PreparedSigningKey } from './signingKey.js';
import { shownText } from '../lib/shown/shownText.js';

/** The secrets of a target that are stored sealed and that a call needs. */
interface TargetSecrets {
  /** The keys that sign at `now` (milliseconds since the epoch); never empty. */
  signingKeys(now: number): readonly PreparedSigningKey[];
  readonly headers: Readonly<Record<string, string>>;
}

/** Opens the secrets of targets, once for each version of a target. */
export interface SecretReader {
  /** @throws {@link SecretUnreadableError} when a secret does not open: nothing is sent unsigned (rule C8) */
  read(instanceID: string, targetID: string, target: ActiveTarget): TargetSecrets;
  /** Targets whose secrets did not open when they were last read, removed targets included. */
  readonly unreadable: readonly { readonly instanceID: string; readonly targetID: string }[];
}

/** @param forAll - keys that sign every call, besides the keys of its target */
export function createSecretReader(
  keyring: Keyring,
  forAll: readonly PreparedSigningKey[] = [],
): SecretReader {
  const opened = new WeakMap<ActiveTarget, TargetSecrets | SecretUnreadableError>();
  const unreadable = new Map<string, { readonly instanceID: string; readonly targetID: string }>();

  function open(instanceID: string, targetID: string, target: ActiveTarget): TargetSecrets {
    const keys = target.signingKeys.map(({ key, until }) => ({
      until: until ?? Infinity,
      prepared: prepareSigningKey(keyring.open(key, signingKeyContext(instanceID, targetID))),
    }));
    if (!keys.some(({ until }) => until === Infinity))
      throw new SecretUnreadableError(
        `target ${shownText(targetID)} has no signing key; nothing was sent: rotate its signing key`,
      );
    const lastUntil = Math.max(0, ...keys.map(({ until }) => until).filter(Number.isFinite));
    const signingAt = (now: number) => [
      ...keys.filter(({ until }) => until > now).map(({ prepared }) => prepared),
      ...forAll,
    ];
    const current = signingAt(lastUntil);
    const headers = Object.entries(target.headers).map(([name, sealed]): [string, string] => [
      name,
      keyring.open(sealed, headerContext(instanceID, targetID, name)),
    ]);
    return {
      signingKeys(now) {
        return now >= lastUntil ? current : signingAt(now);
      },
      headers: Object.fromEntries(headers),
    };
  }

  function openOnce(
    instanceID: string,
    targetID: string,
    target: ActiveTarget,
  ): TargetSecrets | SecretUnreadableError {
    const name = `${instanceID} ${targetID}`;
    try {
      const secrets = open(instanceID, targetID, target);
      unreadable.delete(name);
      return secrets;
    } catch (error) {
      unreadable.set(name, { instanceID, targetID });
      if (isActionsError(error, 'SECRET_UNREADABLE')) return error;
      return new SecretUnreadableError(
        `the signing key of target ${shownText(targetID)} is malformed; nothing was sent: rotate it`,
      );
    }
  }

  return {
    read(instanceID, targetID, target) {
      let secrets = opened.get(target);
      if (!secrets) opened.set(target, (secrets = openOnce(instanceID, targetID, target)));
      if (secrets instanceof SecretUnreadableError) throw secrets;
      return secrets;
    },
    get unreadable() {
      return [...unreadable.values()];
    },
  };
}
