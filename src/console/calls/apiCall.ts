import type { Actions, Caller, Deliveries } from '../../index.js';
import type { Access } from '../../zitadel/index.js';
import type { NodeRequest, NodeResponse } from '../../zitadel/serving/nodeMessages.js';
import type { Permission } from '../../zitadel/wire/rpcTable.js';

/** The actions and deliveries that the endpoints use. */
export interface Sources {
  readonly actions: Actions;
  readonly deliveries: Deliveries | undefined;
}

/** A request that passed the checks of origin, caller and permissions. */
export interface ApiCall {
  readonly access: Access;
  readonly caller: Caller;
  /** The caller's instance. No endpoint shows or changes another instance. */
  readonly instanceID: string;
  /** The parameters; each may occur once. */
  readonly query: Readonly<Record<string, string>>;
  /** The values of the variable segments of the path, by name. */
  readonly fields: Readonly<Record<string, string>>;
  /** The body of a POST. */
  readonly body: unknown;
  /** The size of the body. */
  readonly bodyBytes: number;
  /** Aborts when the client is gone, and when the console is closed. */
  readonly signal: AbortSignal;
}

/** A request that is answered with a stream. */
export interface Streamed extends ApiCall {
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  /** Checks the caller again. @throws the error that refuses the caller */
  readonly readmit: () => Promise<void>;
}

/** An endpoint below `api/`. It runs on behalf of the caller. */
export interface Endpoint {
  readonly method: 'GET' | 'POST';
  /** The path; segments in braces are fields. */
  readonly path: string;
  /** The required permissions. Empty: any authenticated caller. */
  readonly permissions: readonly Permission[];
  /** Returns the JSON document of the answer. */
  readonly answer?: (call: ApiCall) => unknown;
  /** Writes lines of JSON, in place of `answer`. */
  readonly stream?: (call: Streamed) => Promise<void>;
}
