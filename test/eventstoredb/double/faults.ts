import type { Endpoint, Failure } from './trailers.js';
import { randomAppendFault, randomDeliveryFault, type RandomFaults } from './randomFaults.js';
import { seededRandom } from './seededRandom.js';

/** The fault of one append. */
export type AppendFault = {
  /** Whether the events are written nevertheless. */
  readonly commit: boolean;
  /**
   * - `silence`: no answer, ever
   * - `reset`: the connection is cut
   * - `end`: the server ends the stream of the call with status OK and without an answer
   * - `restart`: the server is killed and comes back on its port
   * - `timeout`: the answer is a timeout
   * - `not-ready`: the answer is "Server Is Not Ready"
   * - `late-answer`: the answer is a timeout, and the true one follows (batch only; the client does not expect it)
   */
  readonly then: 'silence' | 'reset' | 'end' | 'restart' | 'timeout' | 'not-ready' | 'late-answer';
};

/** How a subscription ends in place of an event: with an error, without one, or with its connection. */
export type DeliveryFault = 'unavailable' | 'cancelled' | 'end' | 'reset';

/** Kinds of calls that can fall silent: accepted, never answered. */
export const callKinds = [
  'batch',
  'append',
  'read',
  'subscription',
  'persistent',
  'features',
  'gossip',
  'together',
] as const;

export type CallKind = (typeof callKinds)[number];

type ServerFeaturesFault = 'without-batch-append' | 'unimplemented';

/** The switches of one double. All are off at first; a test may set them at any time. */
export class Faults {
  readonly silent = new Set<CallKind>();
  /** Milliseconds every append takes. */
  appendDelay = 0;
  /** The fault of every append. */
  appends: AppendFault | undefined;
  /** Acts as a server before 23.10: no message tells the end of the history, not even a last checkpoint. */
  withoutCaughtUp = false;
  serverFeatures: ServerFeaturesFault | undefined;
  /** The operations that the caller may not do. */
  readonly denied = { appends: false, all: false };
  /** Calls that require the leader are sent there; with `always`, appends are as well. */
  notLeader: (Endpoint & { readonly always?: boolean }) | undefined;
  /** At a restart the server forgets which ids were written under "any" and "stream_exists"; a real one does. */
  forgetsIdsAtRestart = true;
  readonly #queued: AppendFault[] = [];
  readonly #deliveries: DeliveryFault[] = [];
  readonly #failures: { readonly kind: CallKind; readonly failure: Failure }[] = [];
  #random: { readonly faults: RandomFaults; readonly next: () => number } | undefined;

  /** Makes only the next appends fail in this way. */
  nextAppends(fault: AppendFault, count = 1): void {
    for (let index = 0; index < count; index++) this.#queued.push(fault);
  }

  /** How many of these faults have not occurred yet. */
  get queuedAppends(): number {
    return this.#queued.length;
  }

  /** Makes each of the next events end its subscription in place of its delivery. */
  nextDeliveries(fault: DeliveryFault, count = 1): void {
    for (let index = 0; index < count; index++) this.#deliveries.push(fault);
  }

  /** Answers only the next calls of a kind with this failure. */
  nextCalls(kind: CallKind, failure: Failure, count = 1): void {
    for (let index = 0; index < count; index++) this.#failures.push({ kind, failure });
  }

  /**
   * Appends and deliveries fail at random from now on, in the same way for the same seed and order; `undefined`
   * ends it.
   */
  randomly(faults: RandomFaults | undefined): void {
    this.#random = faults && { faults, next: seededRandom(faults.seed) };
  }

  takeAppendFault(): AppendFault | undefined {
    const planned = this.#queued.shift() ?? this.appends;
    if (planned || !this.#random) return planned;
    return randomAppendFault(this.#random.faults, this.#random.next);
  }

  takeDeliveryFault(): DeliveryFault | undefined {
    const planned = this.#deliveries.shift();
    if (planned || !this.#random) return planned;
    return randomDeliveryFault(this.#random.faults, this.#random.next);
  }

  takeFailure(kind: CallKind): Failure | undefined {
    const index = this.#failures.findIndex((planned) => planned.kind === kind);
    return index < 0 ? undefined : this.#failures.splice(index, 1)[0]?.failure;
  }
}
