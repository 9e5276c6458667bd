/** The members of a gRPC call that are used here, by shape: another copy of grpc-js has another class. */
export interface GRPCStream {
  on(event: string, listener: (...values: never[]) => void): unknown;
  listeners(event: string): unknown[];
  removeListener(event: string, listener: (...values: never[]) => void): unknown;
  removeAllListeners(event: string): unknown;
  write(message: unknown, ...rest: unknown[]): boolean;
  end(): unknown;
  destroy(): unknown;
  cancel(): void;
}

/**
 * Members of both clients that are private or protected in TypeScript and reachable in JavaScript. Recovery from a dead
 * batch stream needs them; `clientInternals.test.ts` checks them against the installed versions of the clients.
 */
interface ClientInternals {
  /** Every open stream; `dispose()` waits for them. */
  readonly disposableStreams: Set<unknown>;
  getChannel(): Promise<unknown>;
  handleError(client: { getChannel(): unknown }, error: Error): Promise<void>;
  createDeadline(deadline?: number): Date;
  readonly throwOnAppendFailure: boolean;
  readonly capabilities: Promise<{ readonly serverVersion: string }>;
}

export function openStreamsOf(client: object): Set<unknown> {
  return internalsOf(client).disposableStreams;
}

/** The client's deadline for an append without its own. Milliseconds. */
export function defaultDeadlineOf(client: object): number {
  return Math.max(0, internalsOf(client).createDeadline().getTime() - Date.now());
}

/** Whether the client rejects on a version conflict; otherwise it resolves with `success: false`. */
export function throwsOnAppendFailure(client: object): boolean {
  return internalsOf(client).throwOnAppendFailure;
}

/**
 * Whether the server tells a subscription that it has caught up: from 23.10 on. `false` where the client cannot tell the
 * version.
 */
export async function saysCaughtUp(client: object): Promise<boolean> {
  try {
    const { serverVersion } = await internalsOf(client).capabilities;
    const [major = Number.NaN, minor = Number.NaN] = serverVersion.split('.').map(Number);
    return major > 23 || (major === 23 && minor >= 10);
  } catch {
    return false;
  }
}

/**
 * Makes the client open a new connection at its next call, and drops the server features that it cached: once that query
 * has failed with another error than "unavailable", the client never repeats it and every append fails.
 */
export async function forgetConnection(client: object): Promise<void> {
  const internals = internalsOf(client);
  try {
    const channel = await internals.getChannel();
    const unavailable = Object.assign(new Error('the connection is given up'), { code: 14, details: '' });
    await internals.handleError({ getChannel: () => channel }, unavailable);
  } catch {
    // The client has no channel: there is nothing to drop, and its next call tries again.
  }
}

/**
 * A batch stream of the client: a duplex call that already has its `data` listener. (The duplex call of a persistent
 * subscription is piped, which adds the listener later.)
 */
export function isBatchStream(stream: unknown): stream is GRPCStream {
  if (typeof stream !== 'object' || stream === null) return false;
  const call = stream as Partial<GRPCStream>;
  return (
    typeof call.write === 'function' &&
    typeof call.cancel === 'function' &&
    typeof call.destroy === 'function' &&
    typeof call.listeners === 'function' &&
    call.listeners('data').length > 0
  );
}

function internalsOf(client: object): ClientInternals {
  return client as unknown as ClientInternals;
}
