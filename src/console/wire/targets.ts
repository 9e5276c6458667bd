/** The settings of a target that a caller can set. */
export interface TargetSettings {
  readonly name: string;
  readonly type: 'webhook' | 'requestResponse' | 'async';
  readonly endpoint: string;
  readonly timeoutMs: number;
  readonly interruptOnError: boolean;
  readonly payloadType: 'json' | 'jwt' | 'jwe';
  readonly delivery: 'inline' | 'durable';
  readonly enforcement: 'enforce' | 'observe';
  readonly enforcePercent: number;
  readonly order: 'stream' | 'strict' | 'none';
  /** `now`, `beginning` or a position. */
  readonly deliverFrom: string;
  readonly paused: boolean;
}

/** A row of `GET api/targets?after=&limit=&search=&type=&sort=` (search: a part of the name, or the whole id), and `GET api/targets/<id>`: needs `readTargets`. */
export interface Target extends TargetSettings {
  readonly id: string;
  /** The URL without user info; a query is shown as `?***`. */
  readonly endpoint: string;
  /** Every value is `***`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly keys: readonly {
    readonly keyID: string;
    readonly active: boolean;
    readonly fingerprint: string;
    readonly expiresAt?: string;
  }[];
  readonly created: string;
  readonly changed: string;
  /** The revision to send with every change, which is answered 409 where the target has changed since. */
  readonly revision: string;
}

/** The sort orders of `GET api/targets`; a leading `-` reverses the order. */
export type TargetSort = 'name' | 'created' | 'changed' | 'type' | 'id';

/**
 * `POST api/targets`: needs `writeTargets`. Answers {@link AddedTarget}. A missing setting has the default of
 * `targets.add`.
 */
export interface AddTarget extends Partial<TargetSettings> {
  readonly name: string;
  readonly type: TargetSettings['type'];
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface AddedTarget {
  readonly id: string;
  /** The new signing key, shown only in this answer. */
  readonly signingKey: string;
}

/** `POST api/targets/<id>`: needs `writeTargets`. Missing settings stay. Answers the {@link Target}. */
export interface ChangeTarget extends Partial<TargetSettings> {
  readonly revision: string;
  /** All headers; `null` keeps the stored value. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** `POST api/targets/<id>/pause`: needs `writeTargets`. Answers the {@link Target}. */
export interface PauseTarget {
  readonly revision: string;
  readonly paused: boolean;
}

/** `POST api/targets/<id>/rotate`: needs `writeTargets`. Answers {@link RotatedKey}. */
export interface RotateKey {
  readonly revision: string;
  /** How long the previous keys keep signing. @defaultValue 0 */
  readonly graceMs?: number;
}

export interface RotatedKey {
  /** The new signing key, shown only in this answer. */
  readonly signingKey: string;
  readonly target: Target;
}

/** `POST api/targets/<id>/remove`: needs `deleteTargets`. Answers {@link Done}. */
export interface RemoveTarget {
  readonly revision: string;
}
