import type { NextFunction, Response } from 'express';
import { isActionsError } from '../../errors.js';
import { onAbort } from '../../lib/onAbort.js';
import type { JSONValue } from '../../ports.js';
import { clientGone } from '../http/clientGone.js';
import { HeldResponse } from '../http/heldResponse.js';
import { shownJSON } from '../http/shownJSON.js';
import { watchJSON } from './jsonBody.js';
import { sendProblem } from './sendProblem.js';

/** What targets are shown of a response, and whether the application can send what they make of it. */
export interface ShownResponse {
  readonly content: unknown;
  readonly objection: (amended: JSONValue) => string | undefined;
  readonly signal: AbortSignal;
}

/** Asks the targets of a response. Rejects when it is refused. */
export type JudgeResponse = (shown: ShownResponse) => Promise<{ readonly amended: JSONValue } | undefined>;

/**
 * Holds a response back until it was judged. What `json` sends is shown as it is sent, and may be amended; anything else is
 * shown as `null`. A handler that failed, with 400 or above, is not judged.
 */
export function guardResponse(
  response: Response,
  next: NextFunction,
  isOwnCode: () => boolean,
  judge: JudgeResponse,
): void {
  const headersBefore = response.getHeaders();
  const json = watchJSON(response);

  function restoreHeaders(): void {
    for (const name of response.getHeaderNames()) response.removeHeader(name);
    for (const [name, value] of Object.entries(headersBefore))
      if (value !== undefined) response.setHeader(name, value);
    Object.assign(response, { statusCode: 200, statusMessage: undefined });
  }

  function refuse(error: unknown): void {
    if (isActionsError(error))
      held.drop((end) => {
        restoreHeaders();
        sendProblem(response, error, end);
      });
    else {
      held.forget();
      restoreHeaders();
      next(error);
    }
  }

  const held = new HeldResponse(response, {
    isHeld: (status) => status < 400,
    isOwnCode,
    whenHeld(body) {
      const shown = json.isBeingSent ? shownJSON(body?.chunk, body?.encoding) : undefined;
      const written = new Map<JSONValue, string>();
      const signal = clientGone(response);
      const stopWaiting = onAbort(signal, () => {
        held.drop();
      });
      judge({
        content: shown ? shown.value : null,
        objection(amended) {
          const text = json.write(amended);
          if (text === undefined) return 'the application makes no JSON of what it made of the response';
          written.set(amended, text);
          return undefined;
        },
        signal,
      })
        .then(
          (result) => {
            const text = result && written.get(result.amended);
            held.pass(text === undefined ? undefined : (end) => json.send(text, end));
          },
          (error: unknown) => {
            if (!signal.aborted) refuse(error);
          },
        )
        // What the response's middleware throws at sending: the application's error handlers hear of it.
        .catch(next)
        .finally(stopWaiting);
    },
  });
}
