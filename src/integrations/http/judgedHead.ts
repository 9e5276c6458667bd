import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Responses from this status on are errors of the handler: no target judges them. */
const firstErrorStatus = 400;

/** Whether the targets of a response with this status are called. */
export const isJudged = (status: number): boolean => status < firstErrorStatus;

/** Gives a response the headers that it had before its handler ran, and the status of a new one. */
export function restoreHead(response: ServerResponse, before: OutgoingHttpHeaders): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  for (const [name, value] of Object.entries(before))
    if (value !== undefined) response.setHeader(name, value);
  // Drop the handler's reason phrase with its status.
  Object.assign(response, { statusCode: 200, statusMessage: undefined });
}
