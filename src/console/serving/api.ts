import type { Actions } from '../../index.js';
import { onAbort } from '../../lib/onAbort.js';
import { createAdmit, type Access, type Authenticate } from '../../zitadel/calls/access.js';
import { headersOf, type NodeRequest, type NodeResponse } from '../../zitadel/serving/nodeMessages.js';
import { parametersOf } from '../../zitadel/serving/parameters.js';
import { createPathMatcher, type Matched } from '../../zitadel/serving/pathMatcher.js';
import { asServiceError } from '../../zitadel/wire/serviceError.js';
import type { ApiCall, Endpoint } from '../calls/apiCall.js';
import { sendDocument, sendProblem } from './answers.js';
import { createReadJSON } from './readJSON.js';
import { ConsoleProblem, problemOf } from '../calls/problems.js';
import { requireSameOrigin } from './sameOrigin.js';

interface ApiOptions {
  readonly actions: Actions;
  readonly authenticate: Authenticate;
  readonly endpoints: readonly Endpoint[];
  readonly defaultInstanceID: string;
  /** Aborts when the console is closed. */
  readonly closing: AbortSignal;
}

/** Calls `authenticate` once. Its error is not shown. */
async function accessOf(authenticate: Authenticate, headers: Headers): Promise<Access | undefined> {
  try {
    return await authenticate(headers);
  } catch (error) {
    throw asServiceError(error);
  }
}

/**
 * Serves the endpoints: checks origin and caller before reading the body, and runs the endpoint on behalf of the caller.
 */
export function createApi({ actions, authenticate, endpoints, defaultInstanceID, closing }: ApiOptions) {
  const find = createPathMatcher({
    routes: endpoints,
    pathOf: ({ path }) => path,
    hasMethod: (endpoint, method) => endpoint.method === method,
    takesEmptyFields: false,
  });
  const readJSON = createReadJSON();

  async function judged(request: NodeRequest, { permissions }: Endpoint) {
    const headers = headersOf(request);
    const access = await accessOf(authenticate, headers);
    const admit = createAdmit(() => access);
    let caller = await admit(headers, undefined);
    for (const permission of permissions) caller = await admit(headers, permission);
    // The endpoint exists: otherwise `admit` would have thrown.
    return { access: access as Access, caller };
  }

  async function admitted(
    request: NodeRequest,
    { route: endpoint, fields }: Matched<Endpoint>,
    signal: AbortSignal,
  ): Promise<ApiCall> {
    requireSameOrigin(request);
    const { access, caller } = await judged(request, endpoint);
    const instanceID = caller.instanceID ?? defaultInstanceID;
    const query = parametersOf(request.url ?? '');
    const { value: body, bytes: bodyBytes } =
      endpoint.method === 'POST' ? await readJSON(request, instanceID) : { value: undefined, bytes: 0 };
    return {
      access,
      caller: { ...caller, instanceID },
      instanceID,
      query,
      fields,
      body,
      bodyBytes,
      signal,
    };
  }

  /** @param path - below `api/` */
  return async (request: NodeRequest, response: NodeResponse, path: string): Promise<void> => {
    const ending = new AbortController();
    response.once('close', () => {
      ending.abort();
    });
    const { signal } = ending;
    const stop = onAbort(closing, () => {
      ending.abort();
    });
    try {
      if (closing.aborted) throw new ConsoleProblem(503, 'CONSOLE_CLOSED', 'the console was closed');
      const found = find(request.method ?? '', path);
      if (found === undefined) throw new ConsoleProblem(404, 'NOT_FOUND', 'there is no such endpoint');
      if (found === 'method')
        throw new ConsoleProblem(
          405,
          'METHOD_NOT_ALLOWED',
          `the endpoint does not take the method ${request.method ?? ''}`,
        );
      const { answer, stream } = found.route;
      const call = await admitted(request, found, signal);
      const { caller } = call;
      if (stream) {
        const readmit = async () => {
          const { caller: now } = await judged(request, found.route);
          if ((now.instanceID ?? defaultInstanceID) !== call.instanceID)
            throw new ConsoleProblem(403, 'OTHER_INSTANCE', 'the caller belongs to another instance now');
        };
        await actions.runAs(caller, () => stream({ ...call, request, response, readmit }));
      } else sendDocument(response, 200, await actions.runAs(caller, async () => answer?.(call)));
    } catch (error) {
      if (response.headersSent) throw error;
      const { status, problem } = problemOf(error);
      sendProblem(response, status, problem);
    } finally {
      stop();
    }
  };
}
