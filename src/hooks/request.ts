import { occurrenceName } from '../execution/condition.js';
import { requestBody, responseBody } from '../firing/calls/payload.js';
import type { Objection } from '../firing/calls/operation.js';
import type { JSONValue } from '../ports.js';
import type { ContentSchema } from './contentSchema.js';
import { contentOf, type FindPending, type OperationCaller } from './operation.js';

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

/** A request or a response as an integration holds it. Nothing is made of it unless somebody is called. */
export interface Message {
  /** What stands for it in JSON; `null` where there is no body. */
  readonly content: () => unknown;
  /** The request as it was processed; for a response. */
  readonly request?: () => unknown;
  /** Whether it may become an object or an array where it is `null`. @defaultValue `false` */
  readonly acceptsNull?: boolean;
  /** Why what a target made of it may not be used; `undefined` where it may. Nothing of the answer belongs in it. */
  readonly objection?: ((amended: JSONValue) => string | undefined) | undefined;
  /** Headers of the caller that targets are shown. */
  readonly headers?: (() => object | undefined) | undefined;
  /** Place in its stream, from 0. @defaultValue 0 */
  readonly place?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A message that somebody is to be called for. */
export interface PendingMessage {
  /** What targets made of it; `undefined` where nobody amended it. */
  fire(message: Message): Promise<{ readonly amended: JSONValue } | undefined>;
}

/** What integrations use: it costs one look-up where nobody is to be called. */
export interface MessageHook {
  /** `undefined` where nobody is to be called: the message is then handed on untouched. `name` is `/<service>/<method>`. */
  pending(kind: 'request' | 'response', name: string, who?: OperationCaller): PendingMessage | undefined;
}

export interface MessageHookOptions {
  readonly find: FindPending;
  /** By method, with or without a leading slash. */
  readonly requestSchemas: Readonly<Record<string, ContentSchema>>;
  readonly responseSchemas: Readonly<Record<string, ContentSchema>>;
}

export function createMessageHook({
  find,
  requestSchemas,
  responseSchemas,
}: MessageHookOptions): MessageHook {
  function objectionTo(kind: 'request' | 'response', name: string, own: Message['objection']) {
    const schemas = kind === 'request' ? requestSchemas : responseSchemas;
    const schema = schemas[name] ?? schemas[name.slice(1)];
    return (amended: JSONValue): Objection | undefined => {
      const misfit = schema && !schema.safeParse(amended).success;
      const message = misfit
        ? `what it made of ${name} does not fit the schema registered for it`
        : own?.(amended);
      return message === undefined ? undefined : { reason: 'schema', message };
    };
  }

  return {
    pending(kind, name, caller) {
      const pending = find(kind, name, caller);
      if (!pending) return undefined;
      return {
        async fire(message) {
          const { content, request, acceptsNull = kind === 'request', objection, headers, place } = message;
          const result = await pending.fire((who) => {
            const named = { ...who, fullMethod: name };
            const shown = headers?.();
            return {
              content: contentOf(content(), `the ${kind}`),
              render:
                kind === 'request'
                  ? requestBody(named, shown)
                  : responseBody(named, contentOf(request?.(), 'the request').json, shown),
              acceptsNull,
              objection: objectionTo(kind, name, objection),
              place,
            };
          }, message.signal);
          return result && { amended: result.value };
        },
      };
    },
  };
}

export function createRequestHook(hook: MessageHook): RequestHook {
  return {
    async request(fullMethod, body, { signal } = {}) {
      const { name } = occurrenceName({ request: fullMethod });
      const result = await hook.pending('request', name)?.fire({ content: () => body, signal });
      return result ? result.amended : body;
    },
    async response(fullMethod, request, body, { signal } = {}) {
      const { name } = occurrenceName({ response: fullMethod });
      const pending = hook.pending('response', name);
      const result = await pending?.fire({ content: () => body, request: () => request, signal });
      return result ? result.amended : body;
    },
  };
}
