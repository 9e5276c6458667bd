import type { NextFunction, Response } from 'express';
import { isActionsError } from '../../errors.js';
import { onAbort } from '../../lib/onAbort.js';
import type { JSONValue } from '../../ports.js';
import { clientGone } from '../http/clientGone.js';
import { HeldResponse } from '../http/heldResponse.js';
import { isJudged, restoreHead } from '../http/judgedHead.js';
import { shownJSON } from '../http/shownJSON.js';
import { watchJSON } from './jsonBody.js';
import { sendProblem } from './sendProblem.js';

/** The content of a response for targets, and whether the application can send an amended one. */
interface ShownResponse {
  readonly content: unknown;
  readonly objection: (amended: JSONValue) => string | undefined;
  readonly signal: AbortSignal;
}

/** Calls the targets of a response. Rejects when it is refused. */
type JudgeResponse = (shown: ShownResponse) => Promise<{ readonly amended: JSONValue } | undefined>;

const isText = (chunk: unknown, text: string): boolean =>
  chunk instanceof Uint8Array ? Buffer.from(text).equals(chunk) : chunk === text;

/**
 * Holds a response back until its targets were called. They receive the JSON of `response.json` and may amend it; for any
 * other body they receive `null`. A response with status 400 or above calls no target.
 */
export function guardResponse(
  response: Response,
  next: NextFunction,
  isOwnCode: () => boolean,
  judge: JudgeResponse,
): void {
  const headersBefore = response.getHeaders();
  const json = watchJSON(response);

  function refuse(error: unknown): void {
    if (isActionsError(error))
      held.drop((end) => {
        restoreHead(response, headersBefore);
        sendProblem(response, error, end);
      });
    else {
      held.forget();
      restoreHead(response, headersBefore);
      next(error);
    }
  }

  const held = new HeldResponse(response, {
    isHeld: isJudged,
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
            const isAmended = text !== undefined && !isText(body?.chunk, text);
            held.pass(isAmended ? (end) => json.send(text, end) : undefined);
          },
          (error: unknown) => {
            if (!signal.aborted) refuse(error);
          },
        )
        // Middleware may throw when the response is sent: pass the error to the application's error handlers.
        .catch(next)
        .finally(stopWaiting);
    },
  });
}
