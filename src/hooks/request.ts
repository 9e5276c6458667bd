import { ActionsClosedError, InvalidArgumentError } from '../errors.js';
import { occurrenceName } from '../execution/condition.js';
import { createBudgets } from '../firing/budget.js';
import type { Fire } from '../firing/fire.js';
import type { Content, Objection, Operation } from '../firing/operation.js';
import { requestBody, responseBody, type PayloadCaller, type RenderBody } from '../firing/payload.js';
import type { Limits } from '../limits.js';
import type { JSONValue } from '../ports.js';
import type { Router } from '../routing/router.js';
import type { ContentSchema } from './contentSchema.js';
import type { CallerContext } from './caller.js';
import type { Readiness } from './readiness.js';

export interface HookOptions {
  /** Cancels the calls; the operation then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Fires what a request or response matches. Both give the content back: the very same where nobody amended it. */
export interface RequestHook {
  request(fullMethod: string, body: unknown, options?: HookOptions): Promise<unknown>;
  /** `request` is the request as it was processed. */
  response(fullMethod: string, request: unknown, body: unknown, options?: HookOptions): Promise<unknown>;
}

/** What firing needs that is the same for requests, responses and functions. */
export interface OperationOptions {
  readonly router: Router;
  readonly readiness: Readiness;
  readonly fire: Fire;
  readonly limits: Limits;
  readonly generateID: () => string;
  readonly caller: () => CallerContext & PayloadCaller;
  readonly isClosed: () => boolean;
}

export interface RequestHookOptions extends OperationOptions {
  /** By method, with or without a leading slash. */
  readonly requestSchemas: Readonly<Record<string, ContentSchema>>;
  readonly responseSchemas: Readonly<Record<string, ContentSchema>>;
}

/** @throws {@link InvalidArgumentError} for what has no JSON */
export function contentOf(value: unknown, what: string): Content {
  let json: string | undefined;
  try {
    json = JSON.stringify(value ?? null);
  } catch (cause) {
    throw new InvalidArgumentError(`${what} cannot be written as JSON; nothing was called`, { cause });
  }
  if (json === undefined)
    throw new InvalidArgumentError(`${what} cannot be written as JSON; nothing was called`);
  return { value: value ?? null, json } as Content;
}

/** Waits for the index where it was never complete. `undefined` when nothing matches. */
export async function matchOperation(
  { router, readiness, isClosed, caller, limits }: OperationOptions,
  kind: Operation['kind'],
  name: string,
  signal: AbortSignal | undefined,
) {
  if (isClosed()) throw new ActionsClosedError();
  const budgets = createBudgets(limits.budgetMs);
  const who = caller();
  if (!readiness.isReady) await readiness.wait(budgets, signal);
  const match = router.route(who.instanceID, kind, name);
  return match && { match, budgets, who };
}

export function createRequestHook(options: RequestHookOptions): RequestHook {
  const { fire, generateID } = options;

  const schemaOf = (schemas: Readonly<Record<string, ContentSchema>>, name: string) =>
    schemas[name] ?? schemas[name.slice(1)];

  async function run(
    kind: 'request' | 'response',
    fullMethod: string,
    body: unknown,
    schemas: Readonly<Record<string, ContentSchema>>,
    render: (who: PayloadCaller) => RenderBody,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { name } = occurrenceName(kind === 'request' ? { request: fullMethod } : { response: fullMethod });
    const matched = await matchOperation(options, kind, name, signal);
    if (!matched) return body;
    const { match, budgets, who } = matched;
    const schema = schemaOf(schemas, name);
    const content = contentOf(body, `the ${kind}`);
    const result = await fire(
      {
        kind,
        condition: `${kind}${name}`,
        instanceID: who.instanceID,
        operationID: who.requestID ?? generateID(),
        match,
        depth: who.depth,
        content,
        render: render({ ...who, fullMethod: name }),
        acceptsNull: kind === 'request',
        objection: (answer: JSONValue): Objection | undefined =>
          !schema || schema.safeParse(answer).success
            ? undefined
            : {
                reason: 'schema',
                message: `what it made of ${name} does not fit the schema registered for it`,
              },
        signal,
      },
      budgets,
    );
    signal?.throwIfAborted();
    return result === content ? body : result.value;
  }

  return {
    request: (fullMethod, body, { signal } = {}) =>
      run('request', fullMethod, body, options.requestSchemas, requestBody, signal),
    response: (fullMethod, request, body, { signal } = {}) =>
      run(
        'response',
        fullMethod,
        body,
        options.responseSchemas,
        (who) => responseBody(who, contentOf(request, 'the request').json),
        signal,
      ),
  };
}
