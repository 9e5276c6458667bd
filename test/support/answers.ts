import type { ScriptedAnswer, TargetServer } from './targetServer.js';

/** An answer of JSON. */
export const json = (body: unknown): ScriptedAnswer => ({ body: JSON.stringify(body) });

/** A verdict: a refusal on purpose. */
export const refusal = (forwardedStatusCode: number, forwardedErrorMessage?: string): ScriptedAnswer =>
  json({ forwardedStatusCode, forwardedErrorMessage });

/** The body of a call, decoded. */
export const bodies = ({ received }: Pick<TargetServer, 'received'>): Record<string, unknown>[] =>
  received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
