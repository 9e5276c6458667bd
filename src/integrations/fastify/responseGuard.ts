import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { isActionsError } from '../../errors.js';
import { clientGone } from '../http/clientGone.js';
import { callOf, dropHeaders, type Call } from './call.js';
import { problemBody } from './problemReply.js';

type Done<Payload> = (error?: Error | null, payload?: Payload) => void;

/** What the client would be sent, which may be less than the handler gave: schemas leave fields out. */
function shownPayload(reply: FastifyReply, payload: unknown): { readonly content: unknown } | undefined {
  const sent: unknown = reply.serialize(payload);
  if (typeof sent !== 'string') return undefined;
  try {
    return { content: JSON.parse(sent) };
  } catch {
    // A serializer of the route's own makes something else of it.
    return undefined;
  }
}

/** Lets go of what will not be sent. */
function discard(payload: unknown): void {
  if (typeof payload !== 'object' || payload === null) return;
  const { destroy, cancel } = payload as { destroy?: () => void; cancel?: () => Promise<void> };
  if (typeof destroy === 'function') destroy.call(payload);
  else if (typeof cancel === 'function') cancel.call(payload).catch(() => undefined);
}

/** Calls the targets of a response before its first byte. */
export function createResponseGuard() {
  function fire(call: Call, reply: FastifyReply, content: unknown) {
    call.isJudged = true;
    const { pending, request, shownHeaders } = call;
    const signal = clientGone(reply.raw);
    return pending.fire({ content: () => content, request, headers: shownHeaders, signal });
  }

  const toBeJudged = (request: FastifyRequest, reply: FastifyReply): Call | undefined => {
    const call = callOf(request);
    return !call || call.isJudged || reply.statusCode >= 400 ? undefined : call;
  };

  /** JSON: shown, and may be amended. */
  function preSerialization(
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: Done<unknown>,
  ): void {
    const call = toBeJudged(request, reply);
    if (!call) {
      done();
      return;
    }
    let shown;
    try {
      shown = shownPayload(reply, payload);
    } catch (error) {
      done(error as Error);
      return;
    }
    if (!shown) {
      done(null, payload);
      return;
    }
    fire(call, reply, shown.content).then(
      (result) => {
        done(null, result ? result.amended : payload);
      },
      (error: unknown) => {
        if (!isActionsError(error)) {
          done(error as Error);
          return;
        }
        dropHeaders(reply, call);
        reply.serializer((body: string) => body);
        done(null, problemBody(request, reply, error));
      },
    );
  }

  /** Everything else: shown as `null`, and can only be refused. */
  function onSend(
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: HookHandlerDoneFunction & Done<unknown>,
  ): void {
    const call = toBeJudged(request, reply);
    if (!call) {
      done();
      return;
    }
    fire(call, reply, null).then(
      () => {
        done(null, payload);
      },
      (error: unknown) => {
        discard(payload);
        if (!isActionsError(error)) {
          done(error as Error);
          return;
        }
        dropHeaders(reply, call);
        done(null, problemBody(request, reply, error));
      },
    );
  }

  return { preSerialization, onSend };
}
