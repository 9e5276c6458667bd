import type { JSONObject, JSONValue } from '../../ports.js';

/** The caller of the operation; unknown fields are left out. */
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

/** The payload before a request is handled. */
export interface RequestPayload<Content = JSONObject> extends Caller {
  /** The method, `/<service>/<method>`. */
  readonly fullMethod: string;
  /** The request as JSON. */
  readonly request: Content;
  /** Headers of the caller that the sender forwards. Absent where it forwards none. */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

/** The payload before a response leaves: the request as it was processed, and the response. */
export interface ResponsePayload<Content = JSONObject> extends Caller {
  /** The method, `/<service>/<method>`. */
  readonly fullMethod: string;
  /** The request as it was processed. */
  readonly request: JSONValue;
  /** The response as JSON. */
  readonly response: Content;
  /** Headers of the caller that the sender forwards. Absent where it forwards none. */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

/** The payload of a named function; the function's own fields stand beside these. */
export interface FunctionPayload extends Caller {
  /** The condition that the function meets: `function/<name>`. */
  readonly function: string;
  /** The merged answers of the targets before this one. Absent for the first target. */
  readonly response?: JSONObject;
  readonly [field: string]: unknown;
}

/** The payload of an event. */
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
  /** The version that the event will have, if the sender can know it. Absent otherwise. */
  readonly sequence?: number;
  /** The type of the event. */
  readonly event_type: string;
  /** The time of the event, as RFC 3339 writes it. */
  readonly created_at: string;
  /** The event's data; base64 text where `encoding` says so. */
  readonly event_payload: Content;
  /** `base64` where the event holds bytes; absent for JSON. */
  readonly encoding?: 'base64';
  /** The id of the event; absent in calls of ZITADEL itself. */
  readonly event_id?: string;
  /** The name of the stream; absent in calls of ZITADEL itself. */
  readonly stream?: string;
  /** `before-append`: the event may still fail to be appended. Absent in calls of ZITADEL itself. */
  readonly phase?: 'before-append' | 'committed' | 'rehearsal';
  /** The method during which the event is appended; absent where the sender does not know it. */
  readonly fullMethod?: string;
}

/** The members of every received call. */
interface Received {
  /**
   * The same for every attempt of a call. Absent where only ZITADEL's header came, which signs no id.
   */
  readonly id: string | undefined;
  /** How the body was wrapped: as JSON, signed, or signed and encrypted. */
  readonly payloadType: 'json' | 'jwt' | 'jwe';
  /** Pass it to `runAs({ depth })` around the appends of this endpoint, so that a loop of endpoints ends. */
  readonly depth: number;
  /**
   * How long the sender waits at most from the moment of sending. Milliseconds. Absent where the sender did not say.
   */
  readonly deadlineMs: number | undefined;
  /** The call is a rehearsal: decide as always, without lasting effects. */
  readonly rehearsal: boolean;
  /**
   * Whether a call with this id came before. Always `false` without a `seen` store. A call that came before may have
   * failed here.
   */
  readonly duplicate: boolean;
}

/** A call before a request is handled. */
export interface ReceivedRequest<Content = JSONObject> extends Received {
  /** The kind of the operation. */
  readonly kind: 'request';
  /** The payload. */
  readonly payload: RequestPayload<Content>;
}

/** A call before a response is sent. */
export interface ReceivedResponse<Content = JSONObject> extends Received {
  /** The kind of the operation. */
  readonly kind: 'response';
  /** The payload. */
  readonly payload: ResponsePayload<Content>;
}

/** A call of a function. */
export interface ReceivedFunction extends Received {
  /** The kind of the operation. */
  readonly kind: 'function';
  /** The payload. */
  readonly payload: FunctionPayload;
}

/** A call about an event. */
export interface ReceivedEvent<Content = JSONObject> extends Received {
  /** The kind of the operation. */
  readonly kind: 'event';
  /** The payload. */
  readonly payload: EventPayload<Content>;
}

/**
 * A verified call; `kind` tells which condition it was made for. `Content` is the type that the endpoint expects; it is
 * not checked.
 */
export type ReceivedCall<Content = JSONObject> =
  ReceivedRequest<Content> | ReceivedResponse<Content> | ReceivedFunction | ReceivedEvent<Content>;
