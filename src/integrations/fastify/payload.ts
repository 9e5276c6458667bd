interface Closable {
  readonly destroy?: () => void;
  readonly cancel?: () => Promise<unknown>;
  readonly body?: unknown;
  readonly on?: (event: 'error', listener: () => void) => unknown;
}

const isObject = (payload: unknown): payload is Closable => typeof payload === 'object' && payload !== null;

const isResponse = (payload: unknown): payload is Response =>
  Object.prototype.toString.call(payload) === '[object Response]';

/** The status that a payload is sent with: a web `Response` brings its own. */
export const statusOf = (payload: unknown, status: number): number =>
  isResponse(payload) ? payload.status : status;

/** Bytes as they are now, whatever the handler does to its buffer while they are judged. */
export const frozenPayload = (payload: unknown): unknown =>
  Buffer.isBuffer(payload) ? Buffer.from(payload) : payload;

/** A stream that fails while it is held fails when it is sent. */
export function awaitFailure(payload: unknown): void {
  if (isObject(payload) && typeof payload.on === 'function') payload.on('error', () => undefined);
}

/** Lets go of what will not be sent, and of the files behind it. */
export function discard(payload: unknown): void {
  if (!isObject(payload)) return;
  if (isResponse(payload)) discard(payload.body);
  else if (typeof payload.destroy === 'function') payload.destroy();
  else if (typeof payload.cancel === 'function') payload.cancel().catch(() => undefined);
}
