import type { FastifyReply, FastifyRequest } from 'fastify';
import { isActionsError } from '../../errors.js';
import { isWithin } from '../../hooks/context/caller.js';
import type { OperationCaller } from '../../hooks/operations/admission.js';
import { onAbort } from '../../lib/onAbort.js';
import { clientGone } from '../http/clientGone.js';
import { HeldResponse } from '../http/heldResponse.js';
import { isJudged, restoreHead } from '../http/judgedHead.js';
import { problemContentType, problemOf, unknownProblem } from '../http/problem.js';
import { logProblem } from './problemReply.js';

/** Calls the targets of a response without its content. Rejects where a target refuses it. */
type JudgeRaw = (signal: AbortSignal) => Promise<unknown>;

/**
 * Holds a response that a handler sends through `reply.raw`, after `reply.hijack()` or without it. Responses that Fastify
 * sends pass: their targets are called in Fastify's hooks.
 */
export function holdRaw(
  request: FastifyRequest,
  { raw }: FastifyReply,
  context: OperationCaller,
  judge: JudgeRaw,
): HeldResponse {
  const headersBefore = raw.getHeaders();

  function refuse(error: unknown): void {
    if (isActionsError(error)) logProblem(request, error);
    else request.log.error({ err: error }, 'answered with status 500: the response could not be judged');
    held.drop((end) => {
      restoreHead(raw, headersBefore);
      const problem = isActionsError(error) ? problemOf(error) : unknownProblem;
      raw.statusCode = problem.status;
      raw.setHeader('content-type', problemContentType);
      end(JSON.stringify(problem));
    });
  }

  const held = new HeldResponse(raw, {
    isHeld: isJudged,
    isOwnCode: () => isWithin(context),
    whenHeld() {
      const signal = clientGone(raw);
      const stopWaiting = onAbort(signal, () => {
        held.drop();
      });
      judge(signal)
        .then(
          () => {
            held.pass();
          },
          (error: unknown) => {
            if (!signal.aborted) refuse(error);
          },
        )
        .catch((error: unknown) => {
          request.log.error({ err: error }, 'a held response could not be sent');
          raw.destroy();
        })
        .finally(stopWaiting);
    },
  });
  return held;
}
