import type { Endpoint, Refusal } from '../../network/endpoint.js';
import type { HttpAnswer } from '../../ports.js';

/** One HTTP POST to a target. */
export interface HttpCall {
  /** What the endpoint of the target reads as; one that is refused fails the call. */
  readonly endpoint: Endpoint | Refusal;
  readonly body: string;
  /**
   * Headers of the final bytes, made as late as possible: after everything that may still change the body has run.
   * They replace what is set under the same names elsewhere.
   */
  headers(body: string): Readonly<Record<string, string>>;
  /** Extra headers of the target. */
  readonly extraHeaders?: Readonly<Record<string, string>>;
  /** Whose network policy applies. */
  readonly instanceID: string;
  /** One wall-clock deadline over everything: queue, connect, TLS, headers, body. Milliseconds. */
  readonly timeoutMs: number;
  /** Cap on the answer's body. Bytes. */
  readonly answerBytes: number;
  /** Whether only the status counts: a body that is too large or encoded is then no failure. @defaultValue `false` */
  readonly ignoresAnswer?: boolean;
  readonly signal?: AbortSignal;
}

/** Sends calls. Rejects with {@link CallFailedError} when there is no complete answer. */
export interface HttpClient {
  post(call: HttpCall): Promise<HttpAnswer>;
  /** Closes every pooled socket. */
  close(): void;
}
