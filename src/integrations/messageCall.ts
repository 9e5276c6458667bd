import { runInContext } from '../hooks/caller.js';
import type { OperationCaller } from '../hooks/operation.js';
import type { Message, PendingMessage } from '../hooks/request.js';
import type { JSONValue } from '../ports.js';
import type { Edge } from './edge.js';

/** Between a message as handlers hold it and its proto3 JSON: camelCase names, bytes as base64, 64-bit numbers as text. */
export interface MessageCodec<Shape = unknown> {
  /** @throws {@link InvalidArgumentError} for a message that has no JSON */
  toJSON(message: Shape): JSONValue;
  /** `undefined` where the JSON has an unknown field or a value of the wrong type. */
  fromJSON(json: JSONValue): { readonly message: Shape } | undefined;
}

export interface MethodCodecs<Input = unknown, Output = unknown> {
  readonly request: MessageCodec<Input>;
  readonly response: MessageCodec<Output>;
}

/** What came of a message: what a target made of it, or itself, and its JSON. */
export interface Judged<Shape = unknown> {
  readonly message: Shape;
  readonly json: JSONValue;
}

/** A call of a method whose messages have types, by a caller who is known. */
export interface MessageCall<Input = unknown, Output = unknown> {
  /** Runs in the caller's context. */
  run<Result>(action: () => Result): Result;
  /** `undefined` where nobody is to be called. */
  judgeRequest(message: Input): Promise<Judged<Input>> | undefined;
  /** `request` is the request as it was processed, in JSON. */
  judgeResponse(message: Output, request: () => unknown): Promise<Judged<Output>> | undefined;
}

export interface MessageCallOptions<Input, Output> {
  /** `/<service>/<method>`. */
  readonly path: string;
  readonly codecs: MethodCodecs<Input, Output>;
  readonly edge: Edge;
  readonly context: OperationCaller;
  readonly shownHeaders: Message['headers'];
  /** Asked for only where somebody is called. */
  readonly signal: () => AbortSignal;
}

export function createMessageCall<Input, Output>({
  path,
  codecs,
  edge,
  context,
  shownHeaders,
  signal,
}: MessageCallOptions<Input, Output>): MessageCall<Input, Output> {
  const places = { request: 0, response: 0 };

  async function fire<Shape>(
    pending: PendingMessage,
    codec: MessageCodec<Shape>,
    message: Shape,
    place: number,
    request?: () => unknown,
  ): Promise<Judged<Shape>> {
    const json = codec.toJSON(message);
    const decoded = new Map<JSONValue, Shape>();
    const result = await pending.fire({
      content: () => json,
      ...(request && { request }),
      objection: (amended) => {
        const made = codec.fromJSON(amended);
        if (!made) return `what it made of ${path} is no message of its type`;
        decoded.set(amended, made.message);
        return undefined;
      },
      headers: shownHeaders,
      place,
      signal: signal(),
    });
    return result
      ? { message: decoded.get(result.amended) as Shape, json: result.amended }
      : { message, json };
  }

  return {
    run: (action) => runInContext(context, action),
    judgeRequest(message) {
      const place = places.request++;
      const pending = edge.pending('request', path, context);
      return pending && fire(pending, codecs.request, message, place);
    },
    judgeResponse(message, request) {
      const place = places.response++;
      const pending = edge.pending('response', path, context);
      return pending && fire(pending, codecs.response, message, place, request);
    },
  };
}
