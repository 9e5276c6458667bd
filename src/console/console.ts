import { InvalidArgumentError } from '../errors.js';
import { hooksOf } from '../hooks/hookOf.js';
import type { Actions, Deliveries } from '../index.js';
import { backgroundClock } from '../lib/clock.js';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { requireFunctions } from '../lib/reading/reading.js';
import type { Clock } from '../ports.js';
import type { Authenticate } from '../zitadel/index.js';
import type { NodeRequest, NodeResponse } from '../zitadel/serving/nodeMessages.js';
import { allEndpoints } from './allEndpoints.js';
import { keepsCalls } from './api/session.js';
import { createFeeds } from './plots/feeds.js';
import { sendFile, sendRedirect, sendText } from './serving/answers.js';
import { createApi } from './serving/api.js';
import { pageFolder, readPageFiles, type PageFiles } from './serving/pageFiles.js';
import { placeOf, takeBasePath } from './serving/basePath.js';
import { isCallable, shownType } from '../lib/reading/shownValue.js';

/** The options of the console. */
export interface ConsoleOptions {
  /** Authenticates a request: returns its caller and the caller's permissions, which are those of the ActionService. */
  readonly authenticate: Authenticate;
  /** The durable deliveries to show: waiting deliveries and dead letters. @defaultValue none are shown */
  readonly deliveries?: Deliveries;
  /**
   * The path of the console, such as `/console`, where the server does not remove it. Express removes the path at which the
   * console is mounted. @defaultValue `/`
   */
  readonly basePath?: string;
}

/** The operators' web page: one handler for `node:http`, `node:http2`, Express and Fastify. */
export interface ActionsConsole extends AsyncDisposable {
  /**
   * Serves requests below its path. Passes other requests to `next`, or answers 404 without it. Register it before parsers
   * of bodies.
   */
  (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void): void;
  /** Ends streamed answers and the console's subscriptions. The console refuses requests from then on. It never rejects. */
  close(): Promise<void>;
}

const optionNames: OptionNames<ConsoleOptions> = { authenticate: true, deliveries: true, basePath: true };

/**
 * Makes the operators' web page for these actions: it shows which targets are called and why, their answers and the waiting
 * deliveries, and makes the changes that the caller's permissions allow, under the rules of the ActionService.
 *
 * @throws {@link InvalidArgumentError} without `authenticate`, for an unknown or malformed option, and for actions or
 *   deliveries that this package did not make
 */
export const createConsole = (actions: Actions, options: ConsoleOptions): ActionsConsole =>
  createConsoleOf(actions, options);

/** Parts of the console that a test replaces. */
export interface ConsoleParts {
  /** The folder of the page. */
  readonly folder?: string;
  readonly clock?: Clock;
}

/** As {@link createConsole}, with replaced parts. */
export function createConsoleOf(
  actions: Actions,
  options: ConsoleOptions,
  { folder = pageFolder(), clock = backgroundClock() }: ConsoleParts = {},
): ActionsConsole {
  const { defaultInstanceID } = hooksOf(actions);
  const {
    authenticate,
    deliveries,
    basePath: path = '',
  } = readOptions(options, optionNames, 'createConsole');
  if (!isCallable(authenticate))
    throw new InvalidArgumentError(
      `authenticate is a function of the headers of a request, not ${shownType(authenticate)}; nothing was opened`,
    );
  if (deliveries !== undefined)
    requireFunctions(
      deliveries,
      ['status', 'list', 'show', 'replay', 'discard'],
      'deliveries is what createDeliveries of this package made',
    );
  const basePath = takeBasePath(path);
  const closing = new AbortController();
  const feeds = createFeeds({ actions, clock, closing: closing.signal });
  let files: PageFiles | undefined;
  const api = createApi({
    actions,
    authenticate,
    defaultInstanceID,
    closing: closing.signal,
    endpoints: allEndpoints({ actions, deliveries }, { feeds, clock, closing: closing.signal }),
  });
  if (keepsCalls({ actions })) feeds.follow(defaultInstanceID);

  function serveFile(request: NodeRequest, response: NodeResponse, name: string): void {
    files ??= readPageFiles(folder);
    const file = files.get(name === '' ? 'index.html' : name);
    if (request.method !== 'GET' && request.method !== 'HEAD') sendText(response, 405, 'Method Not Allowed');
    else if (file) sendFile(request, response, file);
    else if (name === '') sendText(response, 500, 'The page of the console was not built: npm run build');
    else sendText(response, 404, 'Not Found');
  }

  async function serve(request: NodeRequest, response: NodeResponse, next?: () => void): Promise<void> {
    const place = placeOf(request, basePath);
    if (place === undefined) {
      if (next) next();
      else sendText(response, 404, 'Not Found');
    } else if ('redirect' in place) sendRedirect(response, place.redirect);
    else if (place.below.startsWith('api/')) await api(request, response, place.below.slice('api/'.length));
    else serveFile(request, response, place.below);
  }

  const close = async (): Promise<void> => {
    closing.abort();
    await feeds.ended();
  };

  return Object.assign(
    (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => {
      serve(request, response, next).catch(() => {
        // The client has gone, or its body broke off: there is no answer to send.
        response.destroy();
      });
    },
    { close, [Symbol.asyncDispose]: close },
  );
}
