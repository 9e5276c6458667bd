import type { FastifyReply, FastifyRequest, HookHandlerDoneFunction } from 'fastify';
import { isActionsError } from '../../errors.js';
import type { JSONValue } from '../../ports.js';
import { contentHeaders } from '../contentHeaders.js';
import { clientGone } from '../http/clientGone.js';
import { isJudged } from '../http/judgedHead.js';
import { shownJSON } from '../http/shownJSON.js';
import { enteredOf, headersOf, restoreHeaders, type Call } from './call.js';
import type { CallEntry } from './enterCall.js';
import { awaitFailure, discard, frozenPayload, statusOf } from './replyPayload.js';
import { problemBody } from './problemReply.js';
import { routeOf } from './routeOf.js';
import { serialised } from './serialised.js';

type Done = HookHandlerDoneFunction & ((error?: Error | null, payload?: unknown) => void);
type Hook = (request: FastifyRequest, reply: FastifyReply, payload: unknown, done: Done) => void;

/**
 * Marks in a route's configuration that the route's own `onSend` hooks run before the targets of its response are called.
 */
const judgedLastKey = Symbol('eventstore-actions: judged last');

interface JudgedReply {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly payload: unknown;
  readonly done: Done;
}

const textOf = (payload: unknown): unknown => (Buffer.isBuffer(payload) ? payload.toString() : payload);

/** Calls the targets of a payload while Fastify holds it and reports it as sent. */
function judge(call: Call, { request, reply, payload: given, done }: JudgedReply): void {
  const payload = frozenPayload(given);
  const isEncoded = typeof payload !== 'string' && reply.hasHeader('content-encoding');
  const body = isEncoded ? call.json : call.isSerialised ? payload : undefined;
  const shown = shownJSON(body);
  const { statusCode } = reply;
  const headers = headersOf(reply);
  const texts = new Map<JSONValue, string>();
  const signal = clientGone(reply.raw);

  call.isAsked = true;
  awaitFailure(payload);
  call.held.holdWhole(statusCode);
  const { pending, request: processed, shownHeaders } = call;
  pending
    .fire({
      content: () => (shown ? shown.value : null),
      request: processed,
      headers: shownHeaders,
      objection(amended) {
        const text = serialised(reply, amended);
        if (text === undefined) return 'the route cannot serialise what it made of the response';
        texts.set(amended, text);
        return undefined;
      },
      signal,
    })
    .then(
      (result) => {
        call.held.pass();
        reply.code(statusCode);
        restoreHeaders(reply, headers);
        if (!result) {
          done(null, payload);
          return;
        }
        if (isEncoded) {
          discard(payload);
          reply.removeHeader('content-encoding').removeHeader('content-length');
        }
        const text = texts.get(result.amended);
        if (isEncoded || text !== textOf(payload))
          for (const name of contentHeaders) reply.removeHeader(name);
        done(null, text);
      },
      (error: unknown) => {
        discard(payload);
        if (signal.aborted) {
          call.held.drop();
          done(null, '');
          return;
        }
        call.held.pass();
        restoreHeaders(reply, call.headersBefore);
        Object.assign(reply.raw, { statusMessage: undefined });
        for (const name of call.trailers) reply.removeTrailer(name);
        if (isActionsError(error)) done(null, problemBody(request, reply, error));
        else done(error as Error);
      },
    )
    // Fastify throws for a payload that it cannot send: the running handler would have caught this error.
    .catch((error: unknown) => {
      reply.send(error);
    });
}

/** Calls the targets of a response before its first byte. */
export function createResponseGuard({ enter, admit }: CallEntry) {
  /** The state of a response whose targets must be called, also where a hook answered before the handler. */
  function toBeJudged(request: FastifyRequest, reply: FastifyReply, payload: unknown): Call | undefined {
    let entered = enteredOf(request);
    const call = entered?.call;
    if (entered && (!call || call.isAsked)) return undefined;
    if (!isJudged(statusOf(payload, reply.statusCode))) {
      call?.held.release();
      return undefined;
    }
    if (!entered) {
      entered = enter(request);
      if (entered) admit(request, reply, entered);
    }
    return entered?.call;
  }

  const guarded =
    (hook: (call: Call, judged: JudgedReply) => void): Hook =>
    (request, reply, payload, done) => {
      let call;
      try {
        call = toBeJudged(request, reply, payload);
      } catch (error) {
        done(error as Error);
        return;
      }
      if (call) hook(call, { request, reply, payload, done });
      else done(null, payload);
    };

  const isJudgedLast = (request: FastifyRequest) => judgedLastKey in routeOf(request).config;

  return {
    preSerialization: guarded((call, { payload, done }) => {
      call.isSerialised = true;
      done(null, payload);
    }),
    onSend: guarded((call, judged) => {
      if (!isJudgedLast(judged.request)) {
        judge(call, judged);
        return;
      }
      if (call.isSerialised && typeof judged.payload === 'string') call.json = judged.payload;
      judged.done(null, judged.payload);
    }),
    /** Calls the targets of the payload after the `onSend` hooks of a route. */
    onRoute(route: { config?: object; onSend?: unknown }): void {
      if (!route.config || !('actionsMethod' in route.config) || !route.onSend) return;
      route.config = { ...route.config, [judgedLastKey]: true };
      route.onSend = [route.onSend, guarded(judge)].flat();
    },
  };
}
