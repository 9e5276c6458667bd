import { onAbort } from '../lib/onAbort.js';
import { EventStoreUnavailableError, isActionsError } from '../errors.js';
import type { Clock, EventStore, SealedSecret } from '../ports.js';
import { placeOf, type Place } from '../routing/rows/place.js';
import { headerContext, signingKeyContext } from '../target/secretContext.js';
import {
  target,
  targetStream,
  targetStreamPrefix,
  type ActiveTarget,
  type TargetCommand,
} from '../target/target.js';
import { takeProgressOptions } from '../lib/reading/progressOptions.js';
import { targetAggregate } from './aggregates.js';
import type { CommandHandler } from './commandHandler.js';

/** The progress of a re-encryption. */
export interface ReencryptProgress {
  /** Targets whose secrets were checked so far. */
  readonly done: number;
  /** The number of targets, in all instances. */
  readonly targets: number;
}

/** How to watch or end a re-encryption. */
export interface ReencryptOptions {
  /** Called after each target. @defaultValue none */
  readonly onProgress?: (progress: ReencryptProgress) => void;
  /**
   * Ends the run between two targets: the promise rejects with the signal's reason, and the secrets that were sealed
   * again stay sealed under the active key.
   * @defaultValue none
   */
  readonly signal?: AbortSignal;
}

/** A secret that the keyring does not open. The stored secret stays unchanged. */
export interface UnreadableSecret {
  /** The instance of the target. */
  readonly instanceID: string;
  /** The id of the target. */
  readonly targetID: string;
  /** `signing key`, or `header <name>`. */
  readonly secret: string;
}

/** The result of a re-encryption. */
export interface ReencryptResult {
  /** Targets whose secrets were checked, in all instances. */
  readonly targets: number;
  /** Secrets that were sealed again, under the active key. */
  readonly resealed: number;
  /** Secrets that do not open; they stay unchanged in the store. */
  readonly unreadable: readonly UnreadableSecret[];
}

/** Seals all secrets under the active key of the keyring. @throws {@link InvalidArgumentError} without a keyring */
export type Reencrypt = (options?: ReencryptOptions) => Promise<ReencryptResult>;

export interface ReencryptionOptions {
  readonly store: EventStore;
  readonly handler: CommandHandler;
  readonly clock: Clock;
  /**
   * The same secret under the active key; the same object where the active key sealed it already. Throws {@link
   * SecretUnreadableError} where it does not open.
   */
  readonly reseal: (sealed: SealedSecret, context: string) => SealedSecret;
  /** Throws once the actions are closed. */
  readonly assertOpen: () => void;
}

/**
 * Lists the targets from the store and not from the index: the index may lack a target that another process has just
 * added, and taking the old key away would lose its secrets.
 */
async function listTargets(store: EventStore, signal: AbortSignal | undefined): Promise<readonly Place[]> {
  const found = new Map<string, Place>();
  const reading = new AbortController();
  const stop = () => {
    reading.abort();
  };
  const stopListening = onAbort(signal, stop);
  try {
    const messages = store.subscribe({ prefixes: [targetStreamPrefix], signal: reading.signal });
    for await (const message of messages) {
      if ('caughtUp' in message) return [...found.values()];
      const place = 'stream' in message ? placeOf(message.stream) : undefined;
      if (!place || !('stream' in message)) continue;
      if (message.type === 'target.removed') found.delete(message.stream);
      else found.set(message.stream, place);
    }
  } finally {
    stop();
    stopListening();
  }
  signal?.throwIfAborted();
  throw new EventStoreUnavailableError(
    'the subscription ended before all targets were read; nothing was re-encrypted: try again',
  );
}

/** The outcome for the secrets of one target. */
interface Resealed {
  readonly command: Extract<TargetCommand, { readonly type: 'reseal' }>;
  readonly count: number;
  readonly unreadable: readonly UnreadableSecret[];
}

/**
 * Seals the secrets of all targets under the active key of the keyring. Each target is one append: after an interruption each
 * target is either unchanged or done, and the next run does the rest.
 */
export function createReencryption(options: ReencryptionOptions): Reencrypt {
  const { store, handler, clock, reseal, assertOpen } = options;

  function resealTarget({ instanceID, id: targetID }: Place, state: ActiveTarget): Resealed {
    const unreadable: UnreadableSecret[] = [];
    let count = 0;
    const tryReseal = (secret: string, sealed: SealedSecret, context: string): SealedSecret => {
      try {
        const resealed = reseal(sealed, context);
        if (resealed !== sealed) count++;
        return resealed;
      } catch (error) {
        if (!isActionsError(error, 'SECRET_UNREADABLE')) throw error;
        unreadable.push({ instanceID, targetID, secret });
        return sealed;
      }
    };
    const now = clock.now();
    const signingKeys = state.signingKeys
      // An expired signing key signs nothing: drop it, so that it does not keep the old key of the keyring in use.
      .filter(({ until }) => until === undefined || until > now)
      .map((signingKey) => ({
        ...signingKey,
        key: tryReseal('signing key', signingKey.key, signingKeyContext(instanceID, targetID)),
      }));
    const headers = Object.fromEntries(
      Object.entries(state.headers).map(([name, sealed]) => [
        name,
        tryReseal(`header ${name}`, sealed, headerContext(instanceID, targetID, name)),
      ]),
    );
    return { command: { type: 'reseal', signingKeys, headers }, count, unreadable };
  }

  return async (options) => {
    const { onProgress, signal } = takeProgressOptions(options, 'reencrypt');
    signal?.throwIfAborted();
    const places = await listTargets(store, signal);
    const unreadable: UnreadableSecret[] = [];
    let resealed = 0;
    for (const [done, place] of places.entries()) {
      onProgress?.({ done, targets: places.length });
      signal?.throwIfAborted();
      assertOpen();
      let last: Resealed | undefined;
      const stream = targetStream(place.instanceID, place.id);
      await handler.handle(targetAggregate, stream, place.instanceID, (state) => {
        last = state.status === 'active' ? resealTarget(place, state) : undefined;
        return last ? target.decide(last.command, state) : [];
      });
      resealed += last?.count ?? 0;
      unreadable.push(...(last?.unreadable ?? []));
    }
    onProgress?.({ done: places.length, targets: places.length });
    return { targets: places.length, resealed, unreadable };
  };
}
