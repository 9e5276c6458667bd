import type { FastifyReply, FastifyRequest } from 'fastify';
import { isActionsError } from '../../errors.js';
import { isWithin } from '../../hooks/context/caller.js';
import type { OperationCaller } from '../../hooks/operations/admission.js';
import { onAbort } from '../../lib/onAbort.js';
import { clientGone } from '../http/clientGone.js';
import { HeldResponse } from '../http/heldResponse.js';
import { problemContentType, problemOf } from '../http/problem.js';

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
    request.log.info({ err: error }, 'answered with the problem of an action');
    held.drop((end) => {
      for (const name of raw.getHeaderNames()) raw.removeHeader(name);
      for (const [name, value] of Object.entries(headersBefore))
        if (value !== undefined) raw.setHeader(name, value);
      const problem = isActionsError(error) ? problemOf(error) : undefined;
      // Also drop the handler's reason phrase.
      Object.assign(raw, { statusCode: problem?.status ?? 500, statusMessage: undefined });
      raw.setHeader('content-type', problemContentType);
      end(JSON.stringify(problem ?? { type: 'about:blank', title: 'Internal Server Error', status: 500 }));
    });
  }

  const held = new HeldResponse(raw, {
    isHeld: (status) => status < 400,
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
