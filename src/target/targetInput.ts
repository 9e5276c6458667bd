import type { Delivery, DeliveryOrder, Enforcement, PayloadType, TargetType } from './targetSchemas.js';

/** Settings of a target that may be left out. */
interface OptionalSettings {
  /** How long a call may take in all. Milliseconds, above 0 and at most 270 000. @defaultValue 10 000 */
  readonly timeoutMs?: number | undefined;
  /** Whether a refusal or an error of the target fails the operation; not for `async`. @defaultValue `false` */
  readonly interruptOnError?: boolean | undefined;
  /**
   * How the payload is sent. `jwt` and `jwe` need `jwtKeys`; `jwe` also needs an active public key. @defaultValue
   * `'json'`
   */
  readonly payloadType?: PayloadType | undefined;
  /**
   * Whether an async target is called with the operation (`'inline'`), or after the commit until it answers
   * (`'durable'`). @defaultValue `'inline'`
   */
  readonly delivery?: Delivery | undefined;
  /** Whether the target's answers are applied, or only recorded. @defaultValue `'enforce'` */
  readonly enforcement?: Enforcement | undefined;
  /**
   * The share of operations for which an enforced target is enforced, 0 to 100; the target is called for all of them.
   * @defaultValue 100
   */
  readonly enforcePercent?: number | undefined;
  /** Of durable targets: the order in which the events of a stream arrive. @defaultValue `'stream'` */
  readonly order?: DeliveryOrder | undefined;
  /**
   * Of durable targets: only events after this point are delivered: `'now'`, `'beginning'`, or a position as a bigint
   * or its decimal digits.
   * @defaultValue `'now'`: the events after the one that made the target durable
   */
  readonly deliverFrom?: string | bigint | undefined;
  /** Of durable targets: stops sending until it is `false` again; no event is lost. @defaultValue `false` */
  readonly paused?: boolean | undefined;
}

/** The input of `targets.add`. An unknown field or a value out of range is an {@link InvalidArgumentError}. */
export interface AddTarget extends OptionalSettings {
  /** 1 to 1 000 characters, one of which can be seen; unique in the instance, regardless of case. */
  readonly name: string;
  /** How the target is called. */
  readonly type: TargetType;
  /** An http or https URL of at most 2 048 characters, within the network policy. */
  readonly endpoint: string;
  /** Headers of each call. Every value is a secret: encrypted at rest, shown as `***`. @defaultValue none */
  readonly headers?: Record<string, string> | undefined;
}

/** The input of `targets.change`: an absent field stays unchanged. */
export interface ChangeTarget extends OptionalSettings {
  /** 1 to 1 000 characters, one of which can be seen; unique in the instance, regardless of case. Absent: unchanged. */
  readonly name?: string | undefined;
  /** How the target is called. Absent: unchanged. */
  readonly type?: TargetType | undefined;
  /** An http or https URL of at most 2 048 characters, within the network policy. Absent: unchanged. */
  readonly endpoint?: string | undefined;
  /** All headers of each call; a value of `null` keeps the stored value. Absent: unchanged. */
  readonly headers?: Record<string, string | null> | undefined;
  /**
   * Draws a new signing key in the same append; the previous keys keep signing for `graceMs`, in milliseconds. Absent:
   * no rotation.
   */
  readonly rotateSigningKey?: { readonly graceMs?: number | undefined } | undefined;
}
