/** The members of `EventStoreDBClient` and `KurrentDBClient` that are used here, typed without loading either package. */
export interface StreamsClient {
  appendToStream(
    stream: string,
    events: ClientEvent | readonly ClientEvent[],
    options?: AppendOptions,
  ): Promise<AppendResult>;
  readStream(stream: string, options: ReadRequest & { readonly fromRevision: Edge | bigint }): unknown;
  readAll(options: ReadRequest & { readonly fromPosition: Edge | Position }): unknown;
  subscribeToAll(options: SubscribeRequest): Subscription;
}

/** The state that an append expects of its stream. */
export type StreamState = bigint | 'any' | 'no_stream' | 'stream_exists';

export interface Position {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** An event as the client appends it. */
export interface ClientEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: unknown;
  readonly metadata?: unknown;
}

export interface CallOptions {
  readonly credentials?: object | undefined;
  readonly requiresLeader?: boolean | undefined;
}

export interface AppendOptions extends CallOptions {
  /** Milliseconds. */
  readonly deadline?: number | undefined;
  /** The expectation, for `EventStoreDBClient`. */
  readonly expectedRevision?: StreamState | undefined;
  /** The expectation, for `KurrentDBClient`. */
  readonly streamState?: StreamState | undefined;
}

export interface AppendResult {
  readonly success: boolean;
  readonly nextExpectedRevision: bigint;
  readonly position?: Position | undefined;
}

type Edge = 'start' | 'end';

export interface ReadRequest extends CallOptions {
  readonly direction: 'forwards' | 'backwards';
  readonly maxCount?: number | undefined;
}

export interface StreamRead extends ReadRequest {
  readonly fromRevision: Edge | bigint;
}

export interface AllRead extends ReadRequest {
  readonly fromPosition: Edge | Position;
}

interface SubscribeRequest extends CallOptions {
  readonly fromPosition: Edge | Position;
  readonly filter: Filter;
}

/** The filter that the client's `streamNameFilter` makes. */
export interface Filter {
  readonly filterOn: 'streamName';
  readonly checkpointInterval: number;
  readonly maxSearchWindow: number;
  readonly checkpointReached: (subscription: unknown, position: Position) => void;
  readonly prefixes?: string[];
  readonly regex?: string;
}

/** An event as the client reads it. */
export interface ReadEvent {
  readonly streamId: string;
  readonly id: string;
  readonly type: string;
  readonly revision: bigint;
  readonly data: unknown;
  readonly metadata: unknown;
  readonly created: Date;
  /** Absent in stream reads of servers before 22.6. */
  readonly position?: Position | undefined;
}

export interface ResolvedEvent {
  readonly event?: ReadEvent | undefined;
  readonly commitPosition?: bigint | undefined;
}

/** The members of a `Readable` in object mode that are used here. */
export interface EventStream {
  readonly readableLength: number;
  on(event: 'data', listener: (event: ResolvedEvent) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end' | 'confirmation' | 'caughtUp', listener: () => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

export interface Subscription extends EventStream {
  unsubscribe(): Promise<void>;
}

/** A read that is under way. */
export interface ClientRead {
  readonly events: EventStream;
  /** Ends the call: the server keeps it open until then. */
  cancel(): void;
}
