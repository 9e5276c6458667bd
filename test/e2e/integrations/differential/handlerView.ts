import type { ServerResponse } from 'node:http';

/** Notes something that a handler sees. */
export type See = (what: string, seen?: unknown) => void;

/** What a handler sees of its response: what it notes, and the response's own events, in order. */
export interface HandlerView {
  readonly see: See;
  readonly seen: readonly string[];
  /** When the response is closed and the handler has seen all that it waits for. */
  readonly closed: Promise<void>;
}

const events = ['pipe', 'unpipe', 'finish', 'close', 'error'] as const;

const shown = (seen: unknown): string => {
  if (seen instanceof Error) return `${seen.name} ${(seen as NodeJS.ErrnoException).code ?? seen.message}`;
  if (typeof seen === 'object' && seen !== null && !Array.isArray(seen)) return seen.constructor.name;
  return seen === undefined ? 'undefined' : JSON.stringify(seen);
};

export function viewOf(response: ServerResponse): HandlerView {
  const seen: string[] = [];
  const see: See = (what, value) => {
    seen.push(value === undefined ? what : `${what}: ${shown(value)}`);
  };
  for (const event of events)
    response.on(event, (sent: unknown) => {
      see(event, sent instanceof Error ? sent : undefined);
    });
  const closed = new Promise<void>((resolve) => {
    response.once('close', () => {
      // Handlers note what they see in the turns after the close.
      setTimeout(resolve, 10);
    });
  });
  return { see, seen, closed };
}

/** What can be asked of a response at any time. */
export const stateOf = (response: ServerResponse): unknown => [
  response.headersSent,
  response.writableEnded,
  response.statusCode,
];

/** What comes of a call: its result, or what it throws. */
export function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
