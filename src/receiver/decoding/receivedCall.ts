import type { JSONObject, JSONValue } from '../../ports.js';

/** Who caused the operation; what is not known is left out. */
export interface Caller {
  /** The instance whose targets are called; absent where the sender does not know it. */
  readonly instanceID?: string;
  /** The organisation; absent where the sender does not know it. */
  readonly orgID?: string;
  /** The project; absent where the sender does not know it. */
  readonly projectID?: string;
  /** The user; absent where the sender does not know it. */
  readonly userID?: string;
}

/** What is sent before a request is handled. */
export interface RequestPayload<Content = JSONObject> extends Caller {
  /** The method, `/<service>/<method>`. */
  readonly fullMethod: string;
  /** The request as JSON. */
  readonly request: Content;
  /** Headers of the caller that the sender was told to forward. Absent where it forwards none. Absent where it forwards none. */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

/** What is sent before a response leaves: the request as it was processed, and the response. */
export interface ResponsePayload<Content = JSONObject> extends Caller {
  /** The method, `/<service>/<method>`. */
  readonly fullMethod: string;
  /** The request as it was processed. */
  readonly request: JSONValue;
  /** The response as JSON. */
  readonly response: Content;
  /** Headers of the caller that the sender was told to forward; absent where it forwards none. */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

/** What is sent when a named function runs; its own fields stand beside these. */
export interface FunctionPayload extends Caller {
  /** `function/<name>` */
  readonly function: string;
  /** What the targets before this one answered, merged. Absent for the first target. Absent for the first target. */
  readonly response?: JSONObject;
  readonly [field: string]: unknown;
}

/** What is sent about an event. */
export interface EventPayload<Content = JSONObject> extends Caller {
  /** The name of the stream after its first `-`. */
  readonly aggregateID: string;
  /** The name of the stream before its first `-`. */
  readonly aggregateType: string;
  /** The organisation, else the instance. */
  readonly resourceOwner: string;
  /** The instance whose targets are called. */
  readonly instanceID: string;
  /** Always `v1`. */
  readonly version: string;
  /** The version the event will have, where the sender can know it. Absent otherwise. Absent otherwise. */
  readonly sequence?: number;
  /** The type of the event. */
  readonly event_type: string;
  /** RFC 3339 */
  readonly created_at: string;
  /** The event's data; base64 text where `encoding` says so. */
  readonly event_payload: Content;
  /** `base64` where the event holds bytes; absent for JSON. */
  readonly encoding?: 'base64';
  /** Absent from what ZITADEL itself sends. */
  readonly event_id?: string;
  /** The name of the stream; absent from what ZITADEL itself sends. */
  readonly stream?: string;
  /** `before-append`: the event may still fail to be appended. Absent from what ZITADEL itself sends. */
  readonly phase?: 'before-append' | 'committed' | 'rehearsal';
  /** The method during which the event is appended; absent where the sender does not know it. */
  readonly fullMethod?: string;
}

/** What every received call has. */
interface Received {
  /**
   * The same for every attempt of a call. Absent where only ZITADEL's header came, which signs no id.
   */
  readonly id: string | undefined;
  /** How the body came: as JSON, signed, or signed and encrypted. */
  readonly payloadType: 'json' | 'jwt' | 'jwe';
  /** Pass it to `runAs({ depth })` of whatever this endpoint appends, so that a loop of endpoints ends. */
  readonly depth: number;
  /** Milliseconds the sender waited at most when it sent this; absent where it did not say. */
  readonly deadlineMs: number | undefined;
  /** Somebody tries the target out: decide as always, and do nothing that lasts. */
  readonly rehearsal: boolean;
  /** Whether this id came before. Always `false` without a `seen` store. Received is not processed. */
  readonly duplicate: boolean;
}

/** A call before a request is handled. */
export interface ReceivedRequest<Content = JSONObject> extends Received {
  /** The kind of the operation. */
  readonly kind: 'request';
  /** What was sent. */
  readonly payload: RequestPayload<Content>;
}

/** A call before a response is sent. */
export interface ReceivedResponse<Content = JSONObject> extends Received {
  /** The kind of the operation. */
  readonly kind: 'response';
  /** What was sent. */
  readonly payload: ResponsePayload<Content>;
}

/** A call of a function. */
export interface ReceivedFunction extends Received {
  /** The kind of the operation. */
  readonly kind: 'function';
  /** What was sent. */
  readonly payload: FunctionPayload;
}

/** A call about an event. */
export interface ReceivedEvent<Content = JSONObject> extends Received {
  /** The kind of the operation. */
  readonly kind: 'event';
  /** What was sent. */
  readonly payload: EventPayload<Content>;
}

/** A verified call; `kind` tells which condition it was made for. `Content` is what the endpoint expects, unchecked. */
export type ReceivedCall<Content = JSONObject> =
  ReceivedRequest<Content> | ReceivedResponse<Content> | ReceivedFunction | ReceivedEvent<Content>;
