import { occurrenceName } from '../execution/condition.js';
import type { Content } from '../firing/calls/operation.js';
import { writeJSON } from '../lib/json/json.js';
import type { JSONValue } from '../ports.js';
import { takeHookOptions, type HookOptions } from './hookOptions.js';
import type { OperationCaller } from './operations/admission.js';
import { writeContent } from './operations/content.js';
import { requestOperation, responseOperation, type MessageSchemas } from './operations/messageOperation.js';
import type { FindPending, PendingOperation } from './operations/pendingOperation.js';

/**
 * Calls the targets of a request or a response. Both return the content: the same object where no target amended it,
 * and a copy of the judged content where the caller changed it meanwhile.
 */
export interface RequestHook {
  /**
   * Calls the targets of a request, before it is handled.
   *
   * @throws {@link TargetInterruptedError}, {@link DeadlineExceededError}, {@link IndexNotReadyError},
   *   {@link ReentrancyLimitError}, {@link ActionsClosedError}; the reason of `signal`
   */
  request(fullMethod: string, body: unknown, options?: HookOptions): Promise<unknown>;
  /** Calls the targets of a response; `request` is the request as it was processed. @throws as `request` does */
  response(fullMethod: string, request: unknown, body: unknown, options?: HookOptions): Promise<unknown>;
}

/** A request or a response as an integration holds it. It is encoded only when a target is called. */
interface Message {
  /**
   * Gives its JSON value; `null` where there is no body. Called once, before the first wait. An error that it throws,
   * and a value without JSON, is an error of each target.
   */
  readonly content: () => unknown;
  /** For a response: the request as it was processed. */
  readonly request?: () => unknown;
  /**
   * Whether an answer may replace `null` by an object or an array. @defaultValue `true` for a request, `false` for a
   * response
   */
  readonly acceptsNull?: boolean;
  /**
   * Why the content that a target returned may not be used; `undefined` where it may. The text holds nothing of the
   * answer.
   */
  readonly objection?: ((amended: JSONValue) => string | undefined) | undefined;
  /** Headers of the caller that targets are shown. */
  readonly headers?: (() => object | undefined) | undefined;
  /** Index in its stream, from 0. @defaultValue 0 */
  readonly place?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A message that has targets to call. */
export interface PendingMessage {
  /** The amended content; `undefined` where no target amended it. */
  fire(message: Message): Promise<{ readonly amended: JSONValue } | undefined>;
}

/** The hooks for integrations. Without a matching target they cost one look-up. */
export interface MessageHook {
  /** `undefined` where no target is called: pass the message on unchanged. `name` is `/<service>/<method>`. */
  pending(kind: 'request' | 'response', name: string, who?: OperationCaller): PendingMessage | undefined;
}

interface MessageHookOptions {
  readonly find: FindPending;
  readonly schemas: MessageSchemas;
}

/** A message whose content is already written as JSON. */
type WrittenMessage = Omit<Message, 'content' | 'headers'> & {
  readonly kind: 'request' | 'response';
  readonly name: string;
  readonly content: Content;
  readonly headers?: object | undefined;
  readonly schemas: MessageSchemas;
};

async function fireMessage(
  pending: PendingOperation,
  { kind, request, place, signal, ...message }: WrittenMessage,
): Promise<{ readonly amended: JSONValue } | undefined> {
  const input = { who: pending.who, operationID: pending.operationID(place), ...message };
  const parts =
    kind === 'request'
      ? requestOperation(input)
      : responseOperation({ request: writeContent(() => request?.()), ...input });
  const result = await pending.fire(parts, signal);
  return result && { amended: result.value };
}

export function createMessageHook({ find, schemas }: MessageHookOptions): MessageHook {
  return {
    pending(kind, name, caller) {
      const pending = find(kind, name, caller);
      if (!pending) return undefined;
      return {
        fire: async ({ content, headers, ...message }) =>
          fireMessage(pending, {
            kind,
            name,
            content: writeContent(content),
            headers: headers?.(),
            schemas,
            ...message,
          }),
      };
    },
  };
}

/** The result without an amendment: the caller's own object, unless it differs from the judged content by now. */
function unamended(body: unknown, judged: Content): unknown {
  if (judged.json === undefined || typeof body !== 'object' || body === null) return body;
  return writeJSON(body).json === judged.json ? body : (JSON.parse(judged.json) as unknown);
}

export function createRequestHook({ find, schemas }: MessageHookOptions): RequestHook {
  async function judge(
    kind: 'request' | 'response',
    name: string,
    body: unknown,
    message: Pick<Message, 'request' | 'signal'>,
  ): Promise<unknown> {
    const pending = find(kind, name);
    if (!pending) return body;
    const content = writeContent(() => body);
    const result = await fireMessage(pending, { kind, name, content, schemas, ...message });
    return result ? result.amended : unamended(body, content);
  }

  return {
    async request(fullMethod, body, options) {
      const { signal } = takeHookOptions(options, 'request');
      return judge('request', occurrenceName({ request: fullMethod }).name, body, { signal });
    },
    async response(fullMethod, request, body, options) {
      const { signal } = takeHookOptions(options, 'response');
      const { name } = occurrenceName({ response: fullMethod });
      return judge('response', name, body, { request: () => request, signal });
    },
  };
}
