import type { ServerResponse } from 'node:http';

/** Notes something that a handler sees. */
export type See = (what: string, seen?: unknown) => void;

/** The steps that a handler sees: its own notes and the events of its response, in order. */
export interface HandlerView {
  readonly see: See;
  readonly seen: readonly string[];
  /** Resolves when the response is closed and the handler has seen every step that it waits for. */
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
      // Handlers record further steps in the turns after the close.
      setTimeout(resolve, 10);
    });
  });
  return { see, seen, closed };
}

/** The readable properties of a response. */
export const stateOf = (response: ServerResponse): unknown => [
  response.headersSent,
  response.writableEnded,
  response.statusCode,
];

/** The result of a call, or its error. */
export function attempt(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
