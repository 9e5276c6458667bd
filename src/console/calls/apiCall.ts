import type { Actions, Caller, Deliveries } from '../../index.js';
import type { Access } from '../../zitadel/index.js';
import type { NodeRequest, NodeResponse } from '../../zitadel/serving/nodeMessages.js';
import type { Permission } from '../../zitadel/wire/rpcTable.js';

/** What the endpoints work on. */
export interface Sources {
  readonly actions: Actions;
  readonly deliveries: Deliveries | undefined;
}

/** A request that was admitted. */
export interface ApiCall {
  readonly access: Access;
  readonly caller: Caller;
  /** The caller's instance: nothing of another one is shown or changed. */
  readonly instanceID: string;
  /** Each parameter once. */
  readonly query: Readonly<Record<string, string>>;
  /** The segments of the path that stand for something, by their names. */
  readonly fields: Readonly<Record<string, string>>;
  /** Of a POST. */
  readonly body: unknown;
  /** Aborts when the client is gone, and when the console is closed. */
  readonly signal: AbortSignal;
}

/** An answer that goes on. */
export interface Streamed extends ApiCall {
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  /** Judges the caller again. @throws what refuses him */
  readonly readmit: () => Promise<void>;
}

/** One endpoint below `api/`. All that is asked of it runs on behalf of the caller. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** Segments in braces are fields. */
  readonly path: string;
  /** Every one is required. None: the caller only has to be known. */
  readonly permissions: readonly Permission[];
  /** Answers with a document of JSON. */
  readonly answer?: (call: ApiCall) => unknown;
  /** Answers with lines of JSON, in place of `answer`. */
  readonly stream?: (call: Streamed) => Promise<void>;
}
