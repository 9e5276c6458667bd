import { runInContext } from '../hooks/caller.js';
import type { OperationCaller } from '../hooks/operation.js';
import type { PendingMessage } from '../hooks/request.js';
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

/** What is the same for every call of a method. */
export interface JudgedMethod<Input = unknown, Output = unknown> {
  /** `/<service>/<method>`. */
  readonly path: string;
  readonly codecs: MethodCodecs<Input, Output>;
  readonly edge: Edge;
}

/**
 * A call of a method whose messages have types, by a caller who is known. One is made for every call, so it holds nothing that
 * only those need that somebody is called for.
 */
export abstract class MessageCall<Input = unknown, Output = unknown> {
  readonly method: JudgedMethod<Input, Output>;
  readonly context: OperationCaller;
  private requests = 0;
  private responses = 0;

  constructor(method: JudgedMethod<Input, Output>, context: OperationCaller) {
    this.method = method;
    this.context = context;
  }

  /** Aborts when nobody is left to be answered. Asked for only where somebody is called. */
  protected abstract signal(): AbortSignal;
  /** The values of a header that the call came with. */
  protected abstract header(name: string): string | readonly string[] | undefined;

  /** Runs in the caller's context. */
  run<Result>(action: () => Result): Result {
    return runInContext(this.context, action);
  }

  /** `undefined` where nobody is to be called. */
  judgeRequest(message: Input): Promise<Judged<Input>> | undefined {
    const { path, edge, codecs } = this.method;
    const place = this.requests++;
    const pending = edge.pending('request', path, this.context);
    return pending && this.fire(pending, codecs.request, message, place);
  }

  /** `undefined` where nobody is to be called. `request` is the request as it was processed, in JSON. */
  judgeResponse(message: Output, request: () => unknown): Promise<Judged<Output>> | undefined {
    const { path, edge, codecs } = this.method;
    const place = this.responses++;
    const pending = edge.pending('response', path, this.context);
    return pending && this.fire(pending, codecs.response, message, place, request);
  }

  private async fire<Shape>(
    pending: PendingMessage,
    codec: MessageCodec<Shape>,
    message: Shape,
    place: number,
    request?: () => unknown,
  ): Promise<Judged<Shape>> {
    const { path, edge } = this.method;
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
      headers: edge.shownHeaders((name) => this.header(name)),
      place,
      signal: this.signal(),
    });
    return result
      ? { message: decoded.get(result.amended) as Shape, json: result.amended }
      : { message, json };
  }
}
