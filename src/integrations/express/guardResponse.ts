import type { NextFunction, Response } from 'express';
import { isActionsError } from '../../errors.js';
import type { JSONValue } from '../../ports.js';
import { clientGone } from '../http/clientGone.js';
import { sendProblem } from './sendProblem.js';

/** Asks the targets of a response. Rejects when it is refused. */
export type JudgeResponse = (
  content: unknown,
  signal: AbortSignal,
) => Promise<{ readonly amended: JSONValue } | undefined>;

type Send = (amended: JSONValue | undefined) => void;

/**
 * Holds back the first byte of a response until it was judged. Everything that sends goes through `json`, `write`, `end`,
 * `writeHead` or `flushHeaders`; what arrives meanwhile waits in order, and `write` answers `false`, so that a stream waits
 * too. Only what is given to `json` is shown and may be amended.
 */
export function guardResponse(response: Response, next: NextFunction, judge: JudgeResponse): void {
  const headersBefore = response.getHeaders();
  const send = {
    json: response.json.bind(response),
    write: response.write.bind(response) as (...sent: unknown[]) => boolean,
    end: response.end.bind(response) as (...sent: unknown[]) => unknown,
    writeHead: response.writeHead.bind(response) as (...sent: unknown[]) => unknown,
    flushHeaders: response.flushHeaders.bind(response),
  };
  let state: 'open' | 'judging' | 'passed' | 'refused' = 'open';
  let held: Send[] = [];
  let isWriterWaiting = false;

  function pass(amended?: JSONValue): void {
    state = 'passed';
    const waiting = held;
    held = [];
    for (const sendHeld of waiting) sendHeld(amended);
    if (isWriterWaiting && !response.writableNeedDrain) response.emit('drain');
  }

  function refuse(error: unknown): void {
    held = [];
    if (!isActionsError(error) || error.code === 'INVALID_ARGUMENT') {
      // The response itself is at fault, as where `json` throws: the application's error handlers answer.
      state = 'passed';
      next(error);
      return;
    }
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    for (const [name, value] of Object.entries(headersBefore))
      if (value !== undefined) response.setHeader(name, value);
    Object.assign(response, { statusMessage: undefined });
    state = 'passed';
    sendProblem(response, error, send.end);
    // A handler that goes on writing must not fail for it.
    state = 'refused';
  }

  /** Whether what is sent has to wait, or is not sent at all. A handler that failed is not judged. */
  function isHeld(content: unknown, status: number): boolean {
    if (state === 'open' && status >= 400) state = 'passed';
    if (state === 'open') {
      state = 'judging';
      const signal = clientGone(response);
      judge(content, signal).then(
        (result) => {
          pass(result?.amended);
        },
        (error: unknown) => {
          // Where the client has gone, nobody is left to be answered.
          if (!signal.aborted) refuse(error);
        },
      );
    }
    return state !== 'passed';
  }

  function hold(sendLater: Send): void {
    if (state === 'judging') held.push(sendLater);
  }

  response.json = (body: unknown) => {
    if (!isHeld(body, response.statusCode)) return send.json(body);
    hold((amended) => send.json(amended ?? body));
    return response;
  };
  response.write = (...sent: unknown[]) => {
    if (!isHeld(null, response.statusCode)) return send.write(...sent);
    hold(() => send.write(...sent));
    isWriterWaiting = true;
    return false;
  };
  response.end = ((...sent: unknown[]) => {
    if (!isHeld(null, response.statusCode)) return send.end(...sent);
    hold(() => send.end(...sent));
    return response;
  }) as Response['end'];
  response.writeHead = ((status: number, ...sent: unknown[]) => {
    if (!isHeld(null, status)) return send.writeHead(status, ...sent);
    hold(() => send.writeHead(status, ...sent));
    return response;
  }) as Response['writeHead'];
  response.flushHeaders = () => {
    if (!isHeld(null, response.statusCode)) send.flushHeaders();
    else hold(send.flushHeaders);
  };
}
