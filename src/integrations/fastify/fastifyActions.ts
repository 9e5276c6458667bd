import type { FastifyInstance, FastifyRequest, RegisterOptions } from 'fastify';
import type { Caller } from '../../hooks/context/caller.js';
import { readOptions, type OptionNames } from '../../lib/reading/readOptions.js';
import { requireFunction } from '../../lib/reading/reading.js';
import { edgeOf, type EdgeActions } from '../edge.js';
import { createCallEntry } from './enterCall.js';
import { createRequestGuard } from './requestGuard.js';
import { createResponseGuard } from './responseGuard.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The name of the route in conditions: `/<service>/<method>`. A route without it calls no target. */
    readonly actionsMethod?: string;
  }
}

/** The options of {@link fastifyActions}. */
export interface FastifyActionsOptions {
  /** The return value of `createActions`. */
  readonly actions: EdgeActions;
  /**
   * Returns the caller of a request. Where it throws, the request fails with its error before any target is called.
   * @defaultValue no caller: the default instance
   */
  readonly caller?: (request: FastifyRequest) => Caller;
}

/** The names of the options, and of the options that `register` accepts for every plugin and passes on. */
const optionNames: OptionNames<FastifyActionsOptions & RegisterOptions> = {
  actions: true,
  caller: true,
  prefix: true,
  logLevel: true,
  logSerializers: true,
};

/**
 * A plugin for the routes of Fastify 5 or 4 with `config: { actionsMethod: '/<service>/<method>' }`: it calls targets with
 * the request's body after parsing and validation, and with the response's body before it is sent. It covers the instance
 * on which it is registered and the instances inside, including routes declared earlier.
 *
 * A refused request or response is answered with the refusal's status and a problem body (RFC 9457), and nothing of the
 * handler's answer is sent. A response with status 400 or above calls no target. Where no execution matches, request and
 * response stay unchanged.
 */
export function fastifyActions(
  fastify: FastifyInstance,
  options: FastifyActionsOptions,
  done: () => void,
): void {
  const { actions, caller } = readOptions<FastifyActionsOptions>(options, optionNames, 'fastifyActions');
  const edge = edgeOf(actions);
  requireFunction(caller, 'caller');
  const entry = createCallEntry(edge, caller);
  const responses = createResponseGuard(entry);
  fastify.addHook('onRoute', responses.onRoute);
  fastify.addHook('preHandler', createRequestGuard(edge, entry));
  fastify.addHook('preSerialization', responses.preSerialization);
  fastify.addHook('onSend', responses.onSend);
  done();
}

/** Fastify's mark of a plugin without a scope of its own, which applies to the registering instance. */
Object.assign(fastifyActions, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'eventstore-actions',
  [Symbol.for('plugin-meta')]: { fastify: '4.x || 5.x', name: 'eventstore-actions' },
});
