import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';
import type { Difference } from './differences.js';
import type { See } from './handlerView.js';

/** A route that is run bare and guarded. */
export interface ExpressCase {
  /** The end of the sentence "the route ...". */
  readonly does: string;
  readonly handler: (request: Request, response: Response, next: NextFunction, see: See) => unknown;
  /** Middleware before the guard. */
  readonly before?: readonly RequestHandler[];
  /** Middleware between the guard and the handler. */
  readonly between?: readonly RequestHandler[];
  /** Error-handling middleware of the application; Express's own where there is none. */
  readonly onError?: ErrorRequestHandler;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly verb?: 'HEAD' | 'GET' | 'POST';
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A rejected promise of a handler reaches error handlers in Express 5 alone. */
  readonly only?: 'Express 5';
  /** The client leaves early: as soon as the handler was called, or after so many bytes. */
  readonly leave?: 'handled' | { readonly afterBytes: number };
  readonly differs?: Difference;
}
