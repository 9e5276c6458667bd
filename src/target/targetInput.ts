import type { Delivery, DeliveryOrder, Enforcement, PayloadType, TargetType } from './schemas.js';

/** Settings of a target that may be left out. */
interface OptionalSettings {
  /** How long a call may take in all. Milliseconds, above 0 and at most 270 000. @defaultValue 10 000 */
  readonly timeoutMs?: number | undefined;
  /** Whether a refusal or an error of the target fails the operation; not for `async`. @defaultValue `false` */
  readonly interruptOnError?: boolean | undefined;
  /** How the payload is sent. `jwt` and `jwe` need `jwtKeys`, `jwe` an active public key besides. @defaultValue `'json'` */
  readonly payloadType?: PayloadType | undefined;
  /** Whether an async target is called with the operation, or after the commit until it answers. @defaultValue `'inline'` */
  readonly delivery?: Delivery | undefined;
  /** Whether what the target says is applied, or only watched. @defaultValue `'enforce'` */
  readonly enforcement?: Enforcement | undefined;
  /** The share of operations for which an enforced target is enforced, 0 to 100; it is called for all. @defaultValue 100 */
  readonly enforcePercent?: number | undefined;
  /** Of durable targets: in which order the events of a stream arrive. @defaultValue `'stream'` */
  readonly order?: DeliveryOrder | undefined;
  /**
   * Of durable targets: the events after this are delivered: `'now'`, `'beginning'`, or a position as a bigint or its
   * decimal digits.
   * @defaultValue `'now'`: those after the event that made the target durable
   */
  readonly deliverFrom?: string | bigint | undefined;
  /** Of durable targets: nothing is sent, and nothing is lost, until it is `false` again. @defaultValue `false` */
  readonly paused?: boolean | undefined;
}

/** What `targets.add` takes. A field that is unknown or out of range is an {@link InvalidArgumentError}. */
export interface AddTarget extends OptionalSettings {
  /** 1 to 1 000 characters; unique in the instance, whatever its case. */
  readonly name: string;
  /** How the target is called. */
  readonly type: TargetType;
  /** An http or https URL of at most 2 048 characters, within the network policy. */
  readonly endpoint: string;
  /** Headers of each call. Every value is a secret: encrypted at rest, shown as `***`. @defaultValue none */
  readonly headers?: Record<string, string> | undefined;
}

/** What `targets.change` takes: what is left out stays as it is. */
export interface ChangeTarget extends OptionalSettings {
  /** 1 to 1 000 characters; unique in the instance, whatever its case. Absent: unchanged. */
  readonly name?: string | undefined;
  /** How the target is called. Absent: unchanged. */
  readonly type?: TargetType | undefined;
  /** An http or https URL of at most 2 048 characters, within the network policy. Absent: unchanged. */
  readonly endpoint?: string | undefined;
  /** All headers of each call; a value of `null` keeps the one that is stored. Absent: unchanged. */
  readonly headers?: Record<string, string | null> | undefined;
  /** Makes a new signing key in the same append; previous keys keep signing for `graceMs`, in milliseconds. Absent: none. */
  readonly rotateSigningKey?: { readonly graceMs?: number | undefined } | undefined;
}
