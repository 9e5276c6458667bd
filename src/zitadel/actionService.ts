import { Code, type ConnectRouter } from '@connectrpc/connect';
import { readOptions, type OptionNames } from '../lib/reading/readOptions.js';
import { reading, requireFunctions } from '../lib/reading/reading.js';
import { InvalidArgumentError, type Actions } from '../index.js';
import { createAdmit, type Authenticate } from './calls/access.js';
import { createInvoke } from './calls/invoke.js';
import { serviceError } from './wire/serviceError.js';
import { createReadBody } from './serving/readBody.js';
import { callsPath, serveCalls } from './serving/callLines.js';
import { serveCors } from './serving/cors.js';
import { authorityOf, pathOf, type NodeRequest, type NodeResponse } from './serving/nodeMessages.js';
import { sendJSON } from './serving/answers.js';
import { sendError, serveRest } from './serving/restHandler.js';
import { matchRest } from './serving/restRoutes.js';
import { routesOf } from './serving/routes.js';
import { arrivalOf, createRpcHandler, envelopeBytes } from './serving/rpcHandler.js';
import { isCallable, shownType } from '../lib/reading/shownValue.js';

/** The options of the service. */
export interface ActionServiceOptions {
  /** Authenticates a call: gives its caller and the caller's permissions. */
  readonly authenticate: Authenticate;
  /** Origins of the pages that may call from a browser, such as `https://console.example`; `*` for all. @defaultValue none */
  readonly corsOrigins?: readonly string[];
}

function takeOrigins(given: unknown): readonly string[] {
  const origins = reading('corsOrigins', (): readonly unknown[] =>
    Array.isArray(given) ? Array.from(given as readonly unknown[]) : [undefined],
  );
  const texts = origins.filter((origin) => typeof origin === 'string');
  if (texts.length === origins.length) return texts;
  throw new InvalidArgumentError(
    "corsOrigins is a list of origins, such as ['https://console.example']; nothing was opened",
  );
}

const optionNames: OptionNames<ActionServiceOptions> = { authenticate: true, corsOrigins: true };

/** ZITADEL's ActionService over the targets and executions of these actions. */
export interface ActionService {
  /** Adds the rpcs of both versions to a router of Connect, without REST, CORS and the guard of `handler`. */
  readonly routes: (router: ConnectRouter) => void;
  /**
   * Serves gRPC, gRPC-web, Connect and REST for a server of `node:http`, `node:http2` or Express. Register it before
   * body parsers. Other paths are passed to `next`, or answered 404 without it.
   */
  readonly handler: (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => void;
}

/** The largest request. Bytes. */
const readLimit = 1_048_576;
const bodyLimits = { bytes: readLimit + envelopeBytes, tenantBytes: 16 * readLimit, durationMs: 30_000 };

/**
 * ZITADEL's ActionService, versions `v2` and `v2beta`, over the targets and executions of `actions`: its Terraform
 * provider, SDKs, console and curl lines manage them here.
 *
 * Its rpcs are never judged, so that no veto locks operators out. The host provides reflection and health.
 *
 * @throws {@link InvalidArgumentError} without `authenticate`, or for origins that are not texts
 */
export function createActionService(actions: Actions, options: ActionServiceOptions): ActionService {
  requireFunctions(actions, ['runAs', 'explain'], 'actions is what createActions of this package made');
  const { authenticate, corsOrigins: given = [] } = readOptions(options, optionNames, 'createActionService');
  if (!isCallable(authenticate))
    throw new InvalidArgumentError(
      `authenticate is a function of the headers of a call, not ${shownType(authenticate)}; nothing was opened`,
    );
  const corsOrigins = takeOrigins(given);
  const admit = createAdmit(authenticate);
  const invoke = createInvoke(actions);
  const readBody = createReadBody(bodyLimits);
  const routes = routesOf({ admit, invoke, arrivalOf });
  const rpcs = createRpcHandler({ addRoutes: routes, admit, readBody, readLimit });

  async function serve(request: NodeRequest, response: NodeResponse, next?: () => void): Promise<void> {
    const path = pathOf(request);
    const isCalls = path === callsPath;
    const rpc = rpcs.find(path);
    const rest = rpc || isCalls ? undefined : matchRest(request.method ?? '', path);
    if (!rpc && !isCalls && rest === undefined) {
      if (next) next();
      else sendJSON(response, 404, { code: Code.NotFound, message: 'Not Found', details: [] });
      return;
    }
    if (serveCors(request, response, corsOrigins)) return;
    if (authorityOf(request) === undefined) {
      sendError(
        response,
        serviceError(
          Code.InvalidArgument,
          'Errors.Request.Host',
          'ACTIONS-Host',
          'the request names no valid host',
        ),
      );
      return;
    }
    if (isCalls) await serveCalls(request, response, { actions, admit });
    else if (rpc) await rpcs.serve(rpc, request, response);
    else if (rest === 'method')
      sendJSON(response, 405, { code: Code.Unimplemented, message: 'Method Not Allowed', details: [] });
    else if (rest) await serveRest(request, response, rest, { admit, invoke, readBody, readLimit });
  }

  return {
    routes,
    handler(request, response, next) {
      serve(request, response, next).catch(() => {
        // The client is gone, or its body broke off: there is no answer to send.
        response.destroy();
      });
    },
  };
}
