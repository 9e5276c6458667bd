interface Closable {
  readonly destroy?: () => void;
  readonly cancel?: () => Promise<unknown>;
  readonly body?: unknown;
  readonly on?: (event: 'error', listener: () => void) => unknown;
}

const isObject = (payload: unknown): payload is Closable => typeof payload === 'object' && payload !== null;

const isResponse = (payload: unknown): payload is Response =>
  Object.prototype.toString.call(payload) === '[object Response]';

/** The status of a payload: a web `Response` has its own. */
export const statusOf = (payload: unknown, status: number): number =>
  isResponse(payload) ? payload.status : status;

/** A copy of the bytes: the handler may reuse its buffer while targets are called. */
export const frozenPayload = (payload: unknown): unknown =>
  Buffer.isBuffer(payload) ? Buffer.from(payload) : payload;

/** Handles the failure of a held stream: the stream fails again when it is sent. */
export function awaitFailure(payload: unknown): void {
  if (isObject(payload) && typeof payload.on === 'function') payload.on('error', () => undefined);
}

/** Releases a payload that is not sent, and its open files. */
export function discard(payload: unknown): void {
  if (!isObject(payload)) return;
  if (isResponse(payload)) discard(payload.body);
  else if (typeof payload.destroy === 'function') payload.destroy();
  else if (typeof payload.cancel === 'function') payload.cancel().catch(() => undefined);
}
