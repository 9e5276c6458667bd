import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Code } from '@connectrpc/connect';
import { InvalidArgumentError, type Actions, type CallQuery } from '../../index.js';
import type { Clock } from '../../ports.js';
import { backgroundClock } from '../../lib/clock.js';
import type { Admit } from '../calls/access.js';
import { asServiceError } from '../wire/serviceError.js';
import { sendJSON } from './answers.js';
import { headersOf, type NodeRequest, type NodeResponse } from './nodeMessages.js';
import { parametersOf } from './parameters.js';
import { startPulse } from './pulse.js';
import { sendError } from './restHandler.js';
import { startFollowing } from './startFollowing.js';
import { shownValue } from '../../lib/reading/shownValue.js';

/** The path of the latest calls. It is no part of ZITADEL's service. */
export const callsPath = '/actions/calls';

/** @throws {@link InvalidArgumentError} for an unknown or malformed parameter */
function queryOf(url: string): { readonly query: CallQuery; readonly follow: boolean } {
  const { follow = 'false', since, limit, ...filter } = parametersOf(url);
  const sinceDate = since === undefined ? undefined : new Date(since);
  if (sinceDate && Number.isNaN(sinceDate.getTime()))
    throw new InvalidArgumentError(`since is a time, such as 2026-01-01T00:00:00Z, not ${shownValue(since)}`);
  if (follow !== 'true' && follow !== 'false')
    throw new InvalidArgumentError(`follow is true or false, not ${shownValue(follow)}`);
  const query = {
    ...filter,
    ...(sinceDate && { since: sinceDate }),
    ...(limit !== undefined && { limit: Number(limit) }),
  };
  return { query, follow: follow === 'true' };
}

/** Writes lines, each after the client has read the lines before it. */
function lineWriter(response: NodeResponse, signal: AbortSignal) {
  // The responses of HTTP/1 and HTTP/2 declare this method separately.
  const stream = response as ServerResponse;
  return async (line: string) => {
    if (!stream.write(`${line}\n`)) await once(stream, 'drain', { signal });
  };
}

interface ServedCalls {
  readonly actions: Pick<Actions, 'calls' | 'runAs'>;
  readonly admit: Admit;
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock;
}

/**
 * Serves the latest calls as lines of JSON, the oldest first, and with `follow=true` every call from then on. Parameters:
 * `targetID`, `condition`, `verdict`, `since`, `limit`.
 */
export async function serveCalls(
  request: NodeRequest,
  response: NodeResponse,
  { actions, admit, clock = backgroundClock() }: ServedCalls,
): Promise<void> {
  if (request.method !== 'GET') {
    sendJSON(response, 405, { code: Code.Unimplemented, message: 'Method Not Allowed', details: [] });
    return;
  }
  const ending = new AbortController();
  const { signal } = ending;
  const end = () => {
    ending.abort();
  };
  response.once('close', end);
  const headers = headersOf(request);
  const readPermission = 'action.execution.read';
  let stopPulse: (() => void) | undefined;
  try {
    const caller = await admit(headers, readPermission);
    const { query, follow } = queryOf(request.url ?? '');
    const { limit: _limit, since: _since, ...filter } = query;
    const found = actions.runAs(caller, () => actions.calls.list(query));
    const live = follow
      ? await startFollowing(actions.runAs(caller, () => actions.calls.subscribe({ ...filter, signal })))
      : [];
    (response as ServerResponse).writeHead(200, { 'content-type': 'application/x-ndjson' });
    (response as ServerResponse).flushHeaders();
    const write = lineWriter(response, signal);
    for (const call of found.toReversed()) await write(JSON.stringify(call));
    if (follow)
      stopPulse = startPulse({
        clock,
        async judge() {
          const now = await admit(headers, readPermission);
          if (now.instanceID !== caller.instanceID)
            throw new Error('the token belongs to another instance now');
        },
        beat: () => (response as ServerResponse).write('\n'),
        end,
      });
    for await (const told of live) await write(JSON.stringify(told));
    (response as ServerResponse).end();
  } catch (error) {
    if (response.headersSent) response.destroy();
    else sendError(response, asServiceError(error));
  } finally {
    stopPulse?.();
    ending.abort();
  }
}
