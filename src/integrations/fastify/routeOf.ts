import type { FastifyRequest } from 'fastify';

/** The options of a route that are used here. */
interface RouteOfRequest {
  readonly config: Partial<FastifyRequest['routeOptions']['config']>;
  /** The time limit of the handler, in Fastify 5.6 and later. Milliseconds. */
  readonly handlerTimeout?: number;
}

/** The request of the first versions of Fastify 4, without the options of its route. */
interface OlderRequest {
  readonly routeOptions?: Partial<RouteOfRequest>;
  readonly context?: Pick<RouteOfRequest, 'config'>;
}

/** The options of a request's route. Fastify creates this object at every access. */
export function routeOf(request: FastifyRequest): RouteOfRequest {
  const older: OlderRequest = request;
  const { routeOptions } = older;
  if (routeOptions?.config !== undefined) return routeOptions as RouteOfRequest;
  // Later versions warn about reading the context.
  return { config: older.context?.config ?? {} };
}
