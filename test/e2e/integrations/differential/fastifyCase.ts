import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { Difference } from './differences.js';
import type { See } from './handlerView.js';

/** A route that is run bare and guarded. */
export interface FastifyCase {
  /** The end of the sentence "the route ...". */
  readonly does: string;
  readonly handler: (request: FastifyRequest, reply: FastifyReply, see: See) => unknown;
  readonly options?: Omit<RouteShorthandOptions, 'config'>;
  /** Plugins that the application registers before the guard. */
  readonly before?: (app: FastifyInstance) => unknown;
  /** Plugins that the application registers after the guard. */
  readonly after?: (app: FastifyInstance) => unknown;
  readonly verb?: 'HEAD' | 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly only?: 'Fastify 5';
  /** The client leaves early: as soon as the handler was called, or after so many bytes. */
  readonly leave?: 'handled' | { readonly afterBytes: number };
  readonly differs?: Difference;
}
