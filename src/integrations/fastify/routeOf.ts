import type { FastifyRequest } from 'fastify';

/** What is read of the options of a route. */
export interface RouteOfRequest {
  readonly config: Partial<FastifyRequest['routeOptions']['config']>;
  /** The time limit of the handler, of Fastify 5.6 and later. Milliseconds. */
  readonly handlerTimeout?: number;
}

/** The first versions of Fastify 4, which give the route of a request no options. */
interface OlderRequest {
  readonly routeOptions?: Partial<RouteOfRequest>;
  readonly context?: Pick<RouteOfRequest, 'config'>;
}

/** The options of a request's route. Fastify makes them again at every look. */
export function routeOf(request: FastifyRequest): RouteOfRequest {
  const older: OlderRequest = request;
  const { routeOptions } = older;
  if (routeOptions?.config !== undefined) return routeOptions as RouteOfRequest;
  // Later versions warn of a look at the context.
  return { config: older.context?.config ?? {} };
}
