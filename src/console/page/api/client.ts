import { Failure, type FailureKind } from './requestFailure.js';

/** Sends requests to the console's server, at URLs relative to the page. Rejects with {@link Failure} only. */
export interface Client {
  get<Answer>(path: string, signal?: AbortSignal): Promise<Answer>;
  /** Sends a change, never twice. */
  post<Answer>(path: string, body: unknown): Promise<Answer>;
  /** Opens an answer without an end. It ends when `signal` aborts. */
  open(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

export interface ClientOptions {
  readonly token: () => string | undefined;
  /** The server cannot be reached. */
  readonly onLost: () => void;
  readonly onSignedOut: () => void;
  /** How long an answer may take. @defaultValue 20 s, and 45 s for a change */
  readonly limits?: { readonly readMs: number; readonly changeMs: number };
}

const usual = { readMs: 20_000, changeMs: 45_000 };

const kinds: Readonly<Record<number, FailureKind>> = { 401: 'signedOut', 404: 'missing' };

/** The failure of a request that was refused. */
async function failureOf(response: Response): Promise<Failure> {
  const said = (await response.json().catch(() => undefined)) as
    { readonly code?: unknown; readonly message?: unknown } | undefined;
  const code = typeof said?.code === 'string' ? said.code : '';
  const message =
    typeof said?.message === 'string' ? said.message : `The server answered ${response.status}.`;
  const isStale = response.status === 409 && code !== 'ALREADY_EXISTS';
  return new Failure(isStale ? 'stale' : (kinds[response.status] ?? 'refused'), message, code);
}

export function createClient({ token, onLost, onSignedOut, limits = usual }: ClientOptions): Client {
  function headers(isChange: boolean): Headers {
    const given = new Headers({ accept: 'application/json' });
    const typed = token();
    if (typed !== undefined) given.set('authorization', `Bearer ${typed}`);
    if (isChange) {
      given.set('content-type', 'application/json');
      given.set('x-actions-console', '1');
    }
    return given;
  }

  /** Why a request has no whole answer: the page or the time limit ended it, or the connection is lost. */
  function unanswered({ signal, method }: RequestInit, limit: AbortSignal | undefined): Failure {
    const isChange = method === 'POST';
    if (signal?.aborted) return new Failure('ended', 'The page asks no longer.');
    if (limit?.aborted) return slow(isChange);
    onLost();
    return lost(isChange);
  }

  async function answered(path: string, init: RequestInit, limit?: AbortSignal): Promise<Response> {
    const signal = AbortSignal.any([init.signal, limit].filter((each) => each instanceof AbortSignal));
    try {
      const response = await fetch(path, { credentials: 'same-origin', ...init, signal });
      if (response.ok) return response;
      const failure = await failureOf(response);
      if (failure.kind === 'signedOut') onSignedOut();
      throw failure;
    } catch (error) {
      if (error instanceof Failure) throw error;
      throw unanswered(init, limit);
    }
  }

  /** Reads the body under the same time limit. */
  async function json<Answer>(path: string, init: RequestInit, limitMs: number): Promise<Answer> {
    const limit = AbortSignal.timeout(limitMs);
    const response = await answered(path, init, limit);
    try {
      return (await response.json()) as Answer;
    } catch {
      throw unanswered(init, limit);
    }
  }

  return {
    get: (path, signal) => json(path, { headers: headers(false), signal: signal ?? null }, limits.readMs),
    post: (path, body) =>
      json(path, { method: 'POST', headers: headers(true), body: JSON.stringify(body) }, limits.changeMs),
    async open(path, signal) {
      const response = await answered(path, { headers: headers(false), signal });
      if (!response.body) throw new Failure('refused', 'The server answered without a body.');
      return response.body;
    },
  };
}

const slow = (isChange: boolean): Failure =>
  new Failure(
    'slow',
    isChange
      ? 'The server has not answered. The change may have been made: look before you repeat it.'
      : 'The server has not answered in time.',
  );

const lost = (isChange: boolean): Failure =>
  new Failure(
    'lost',
    isChange
      ? 'The connection was lost. The change may have been made: look before you repeat it.'
      : 'The server cannot be reached.',
  );
