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

/** The options of the plugin. */
export interface FastifyActionsOptions {
  /** The return value of `createActions`. */
  readonly actions: EdgeActions;
  /**
   * Gives the caller of a request. When it throws, the request fails with its error before any target is called.
   * @defaultValue no caller: the default instance
   */
  readonly caller?: (request: FastifyRequest) => Caller;
}

/** What `register` of Fastify takes for every plugin is passed on to it, too. */
const optionNames: OptionNames<FastifyActionsOptions & RegisterOptions> = {
  actions: true,
  caller: true,
  prefix: true,
  logLevel: true,
  logSerializers: true,
};

/**
 * Plugin for the routes of Fastify 5 or 4 that have `config: { actionsMethod: '/<service>/<method>' }`: targets are
 * called with the request's body once it is parsed and valid, and with the response's body before it is sent. It covers
 * the instance on which it is registered and the instances inside, also routes declared before it.
 *
 * A refusal is answered with its status and a problem body (RFC 9457); nothing of the handler's answer is sent then. A
 * response of 400 or above calls no target. Where no execution matches, request and response stay unchanged.
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

/** Fastify's mark of a plugin that belongs to the registering instance and gets no scope of its own. */
Object.assign(fastifyActions, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: 'eventstore-actions',
  [Symbol.for('plugin-meta')]: { fastify: '4.x || 5.x', name: 'eventstore-actions' },
});
