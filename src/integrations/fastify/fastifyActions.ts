import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Caller } from '../../hooks/context/caller.js';
import { edgeOf, type EdgeActions } from '../edge.js';
import { createCallEntry } from './enterCall.js';
import { createRequestGuard } from './requestGuard.js';
import { createResponseGuard } from './responseGuard.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What conditions call the route: `/<service>/<method>`. A route without it takes no part. */
    readonly actionsMethod?: string;
  }
}

/** Which calls are judged, and for whom. */
export interface FastifyActionsOptions {
  /** What `createActions` made. */
  readonly actions: EdgeActions;
  /** Who a request is done for. When it throws, the request fails with its error before any target is called. @defaultValue no caller: the default instance */
  readonly caller?: (request: FastifyRequest) => Caller;
}

/**
 * Plugin that lets routes of Fastify 5 or 4 take part, those with `config: { actionsMethod: '/<service>/<method>' }`: targets are
 * called with the request's body when it is parsed and valid, and with the response's body before it is sent. It holds for
 * the instance it is registered on and what is inside, for routes declared before it too.
 *
 * A refusal is answered with its status and a problem body (RFC 9457); nothing of the handler's answer was sent then. A
 * response of 400 or above calls nobody. Where nothing matches, request and response are left as they are.
 */
export function fastifyActions(
  fastify: FastifyInstance,
  { actions, caller }: FastifyActionsOptions,
  done: () => void,
): void {
  const edge = edgeOf(actions);
  const entry = createCallEntry(edge, caller);
  const responses = createResponseGuard(entry);
  fastify.addHook('onRoute', responses.onRoute);
  fastify.addHook('preHandler', createRequestGuard(edge, entry));
  fastify.addHook('preSerialization', responses.preSerialization);
  fastify.addHook('onSend', responses.onSend);
  done();
}

/** Fastify's own way to say that a plugin belongs to the instance that registers it, not to a scope of its own. */
Object.assign(fastifyActions, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'eventstore-actions',
  [Symbol.for('plugin-meta')]: { fastify: '4.x || 5.x', name: 'eventstore-actions' },
});
