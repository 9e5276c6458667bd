import type { ServerResponse } from 'node:http';

const signals = new WeakMap<ServerResponse, AbortSignal>();

/**
 * Returns a signal that aborts when the client disconnects before its answer. Each response has one signal, made only where
 * a target is called.
 */
export function clientGone(response: ServerResponse): AbortSignal {
  const known = signals.get(response);
  if (known) return known;
  const gone = new AbortController();
  signals.set(response, gone.signal);
  const leave = () => {
    if (!response.writableFinished) gone.abort(new Error('the client closed the connection'));
  };
  if (response.closed) leave();
  else response.once('close', leave);
  return gone.signal;
}
