import type { Endpoint, Refusal } from '../../network/endpoint.js';
import type { HttpAnswer } from '../../ports.js';

/** One HTTP POST to a target. */
export interface HttpCall {
  /** The parsed endpoint of the target; a refused endpoint fails the call. */
  readonly endpoint: Endpoint | Refusal;
  readonly body: string;
  /**
   * Makes the headers that cover the final bytes, after all interceptors, which may still change the body, have run.
   * They replace headers of the same names.
   */
  headers(body: string): Readonly<Record<string, string>>;
  /** Extra headers of the target. */
  readonly extraHeaders?: Readonly<Record<string, string>>;
  /** The instance whose network policy applies. */
  readonly instanceID: string;
  /** One deadline over the whole call: queue, connect, TLS, headers, body. Milliseconds. */
  readonly timeoutMs: number;
  /** Limit of the answer's body. Bytes. */
  readonly answerBytes: number;
  /** Whether only the status counts: a body that is too large or encoded is then no failure. @defaultValue `false` */
  readonly ignoresAnswer?: boolean;
  /**
   * Called right before the request is written, on every try: an error that it throws fails the call, and nothing more
   * of the request is sent.
   * @defaultValue none
   */
  readonly assertMaySend?: () => void;
  readonly signal?: AbortSignal;
}

/** Sends calls. Rejects with {@link CallFailedError} when there is no complete answer. */
export interface HttpClient {
  post(call: HttpCall): Promise<HttpAnswer>;
  /** Closes every pooled socket. */
  close(): void;
}
