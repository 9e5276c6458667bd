import type { Listed } from './shared.js';

/** `GET api/deliveries`: needs `readTargets`. */
export interface Deliveries {
  /** Counts for the targets of the instance. */
  readonly healthy: boolean;
  readonly workers: number;
  readonly deadLetters: number;
  /** At most 1 000 of them. */
  readonly targets: readonly {
    readonly targetID: string;
    readonly name?: string;
    readonly state: 'live' | 'behind' | 'down' | 'paused' | 'throttled' | 'suspended';
    readonly reason?: string;
    /** The number of waiting streams. */
    readonly lanes: number;
    readonly deadLetters: number;
    readonly oldest?: {
      readonly stream: string;
      readonly version: string;
      readonly ageMs: number;
      readonly attempts: number;
      readonly nextAttemptAt?: string;
      readonly status?: number;
    };
  }[];
}

/**
 * An item of `GET api/deliveries/items?state=&targetID=&stream=&after=&limit=` and `GET api/deliveries/items/<id>`: needs
 * `readTargets`.
 */
export interface Delivery {
  readonly id: string;
  readonly targetID: string;
  readonly stream: string;
  readonly version: string;
  readonly eventID: string;
  readonly eventType: string;
  readonly state: 'waiting' | 'parked';
  readonly attempts: number;
  readonly firstAt: string;
  readonly nextAttemptAt?: string;
  readonly parkedAt?: string;
  readonly status?: number;
  readonly reason?: string;
}

/** The list has no total: the store does not count. */
export type DeliveryPage = Omit<Listed<Delivery>, 'total'>;

/**
 * `POST api/deliveries/replay` and `POST api/deliveries/discard`: needs `writeTargets`. At most 1 000 dead letters at once: the
 * answer's `more` says that there are others.
 */
export type Letters =
  { readonly ids: readonly string[] } | { readonly targetID: string; readonly reason?: string };

/** How many dead letters were handed to the workers, which process them with one of their next commits. */
export interface Requested {
  readonly deadLetters: number;
  readonly more: boolean;
}
