import type { ServerResponse } from 'node:http';

/** Aborts when the client goes before it was answered. Made only where somebody is called. */
export function clientGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const leave = () => {
    if (!response.writableFinished) gone.abort(new Error('the client closed the connection'));
  };
  if (response.closed) leave();
  else response.once('close', leave);
  return gone.signal;
}
