/** The library's interfaces to the outside world. Types only: the core depends on these, the edges implement them. */

/** A value that survives `JSON.parse(JSON.stringify(value))`. */
export type JSONValue = string | number | boolean | null | readonly JSONValue[] | JSONObject;
/** A JSON object. */
export interface JSONObject {
  readonly [key: string]: JSONValue;
}

/** An event that is about to be appended. */
export interface EventData {
  /** A UUID. With an id, the store recognises a repeated append. Absent: the store draws one. */
  readonly id?: string;
  /** The type of the event, at least one character. */
  readonly type: string;
  /** JSON, or bytes for an event that is not JSON. */
  readonly data: JSONValue | Uint8Array;
  /** A JSON object; absent: none. */
  readonly metadata?: JSONObject;
}

/** An event as the store keeps it. `version` and `position` are only compared, never computed with. */
export interface RecordedEvent {
  /** The name of its stream. */
  readonly stream: string;
  /** Its UUID. */
  readonly id: string;
  /** Its type. */
  readonly type: string;
  /** JSON, or bytes for an event that is not JSON. */
  readonly data: JSONValue | Uint8Array;
  /** A JSON object; `{}` for none. */
  readonly metadata: JSONObject;
  /** Its version in the stream. */
  readonly version: bigint;
  /** Its position in the whole store; grows with every event. */
  readonly position: bigint;
  /** When the store recorded it, by the clock of the store. */
  readonly created: Date;
}

/**
 * The state that the stream must have for an append to happen: its last version, `'no-stream'`, `'stream-exists'`, or
 * `'any'` for no check at all.
 */
export type ExpectedVersion = bigint | 'no-stream' | 'stream-exists' | 'any';

/** Options of an append. */
export interface AppendOptions {
  /** The expected state of the stream. @defaultValue `'any'` */
  readonly expectedVersion?: ExpectedVersion;
  /** Cancels the append; it then rejects with the reason of the signal. @defaultValue none */
  readonly signal?: AbortSignal;
}

/** The version and position of an append. */
export interface AppendResult {
  /** Version of the last event of this append (of the stream, for an empty append; `0n` where there is none). */
  readonly version: bigint;
  /** Position of the last event of this append; absent for an empty append. */
  readonly position?: bigint;
}

/** Options of a read. */
export interface ReadOptions {
  /** First version to read, inclusive. @defaultValue the first event forwards, the last one backwards */
  readonly from?: bigint;
  /** From the first event forwards, or from the last event backwards. @defaultValue `'forwards'` */
  readonly direction?: 'forwards' | 'backwards';
  /** The most events to read, at least 1. @defaultValue all */
  readonly limit?: number;
  /** Ends the read; it then rejects with the reason of the signal. @defaultValue none */
  readonly signal?: AbortSignal;
}

/** Options of a subscription. */
export interface SubscribeOptions {
  /** Position to start after, exclusive. @defaultValue the beginning */
  readonly after?: bigint;
  /** Only streams whose name starts with one of these prefixes. @defaultValue every stream */
  readonly prefixes?: readonly string[];
  /** Ends the subscription: the iteration then returns without an error. */
  readonly signal: AbortSignal;
}

/**
 * An event; or the message that every earlier event has been delivered; or the position up to which the store has found
 * no further event.
 */
export type SubscriptionMessage =
  RecordedEvent | { readonly caughtUp: true; readonly position?: bigint } | { readonly checkpoint: bigint };

/**
 * An event store. The semantics are EventStoreDB's, as recorded from a real server: the contract suite in
 * `eventstore-actions/testing` states them, and every implementation passes it.
 *
 * Failures are {@link ConcurrencyConflictError}, {@link StreamDeletedError}, {@link InvalidArgumentError}, {@link
 * AppendTooLargeError}, {@link EventStoreUnavailableError}, {@link EventStoreAccessDeniedError} and {@link
 * OutcomeUnknownError}. After any other error of `append`, too, the outcome is unknown.
 */
export interface EventStore {
  /** Appends all events or none. @throws {@link ConcurrencyConflictError}, {@link StreamDeletedError}, {@link InvalidArgumentError}, {@link AppendTooLargeError}, {@link EventStoreUnavailableError}, {@link EventStoreAccessDeniedError}, {@link OutcomeUnknownError} */
  append(stream: string, events: readonly EventData[], options?: AppendOptions): Promise<AppendResult>;
  /** Reads one stream; a missing one reads as empty, a tombstoned one throws {@link StreamDeletedError}. */
  readStream(stream: string, options?: ReadOptions): AsyncIterable<RecordedEvent>;
  /**
   * Delivers the stored events, reports `caughtUp`, then follows all writers. An end without an aborted `signal` counts
   * as a dropped subscription.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<SubscriptionMessage>;
  /**
   * Position of the last event of the whole store; `0n` for an empty store. Absent where the store has no such
   * position. @throws {@link EventStoreUnavailableError}
   */
  head?(): Promise<bigint>;
  /** The version of a stream's first event, where versions are numbers that increase by one. Absent elsewhere. */
  readonly firstVersion?: bigint;
  /**
   * Set by a store whose reads are cheap and in which a new stream starts at `firstVersion`: the hook then refuses a
   * stale append before it calls a target, and tells targets the version of each event. Absent elsewhere.
   */
  readonly local?: true;
  /**
   * Releases the resources of the store; reads and appends reject afterwards. Absent where there are none. It never
   * rejects.
   */
  close?(): Promise<void>;
}

/** A secret as it is stored: encrypted under a key of the keyring, or in the clear where `'plaintext'` was chosen. */
export interface SealedSecret {
  /** How it is sealed. */
  readonly algorithm: 'aes-256-gcm' | 'plaintext';
  /** The key of the keyring that sealed it; absent for `plaintext`. */
  readonly keyID?: string;
  /** Base64 of nonce, ciphertext and tag, or the secret itself for `plaintext`. */
  readonly value: string;
}

/** Encrypts signing keys and header values at rest. */
export interface Keyring {
  /** The id of the key that seals. */
  readonly activeKeyID: string;
  /** `context` names the place of the secret; opening it with another context fails. */
  seal(secret: string, context: string): SealedSecret;
  /** Decrypts a secret. @throws {@link SecretUnreadableError} when the key is missing or the bytes were changed */
  open(sealed: SealedSecret, context: string): string;
}

/** Time, passed in so that every deadline can be tested without sleeping. All values in milliseconds. */
export interface Clock {
  /** Since the Unix epoch. */
  now(): number;
  /** Never goes back; for durations only. */
  elapsed(): number;
  /**
   * Calls `action` once after `milliseconds`, never before `elapsed()` has gone on by as many; the returned function
   * cancels it. Keeps the process alive until then.
   */
  after(milliseconds: number, action: () => void): () => void;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower-cased; `''` where there was none. */
  readonly contentType: string;
  /** The text of the `Retry-After` header as it was sent; absent where there was none. */
  readonly retryAfter?: string;
  readonly body: Uint8Array;
}
