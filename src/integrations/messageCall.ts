import { InvalidArgumentError } from '../errors.js';
import { runInContext } from '../hooks/context/caller.js';
import type { OperationCaller } from '../hooks/operations/admission.js';
import type { PendingMessage } from '../hooks/request.js';
import { takeNow } from '../lib/reading/takeNow.js';
import type { JSONValue } from '../ports.js';
import type { Edge } from './edge.js';

/** A snapshot of a message: later changes of the original affect neither its JSON nor the value that is passed on. */
export interface Snapshot<Shape = unknown> {
  /** @throws {@link InvalidArgumentError} for a message without JSON */
  json(): JSONValue;
  message(): Shape;
  /**
   * Returns the message of an answer; the snapshot itself where the answer equals it, and `undefined` for an unknown field
   * or a value of the wrong type.
   */
  amend(answer: JSONValue): Amended<Shape> | undefined;
}

interface Amended<Shape = unknown> {
  readonly message: Shape;
  /** The answer equals the snapshot: nothing was amended. */
  readonly isSame?: boolean;
}

/**
 * Converts between the messages of handlers and their proto3 JSON: camelCase names, bytes as base64, 64-bit numbers as
 * text.
 */
export interface MessageCodec<Shape = unknown> {
  /** Copies the message at once. Never throws: a message without JSON throws when its JSON is read. */
  snapshot(message: Shape): Snapshot<Shape>;
  /** @throws {@link InvalidArgumentError} for a message without JSON */
  toJSON(message: Shape): JSONValue;
  /** `undefined` where the JSON has an unknown field or a value of the wrong type. */
  fromJSON(json: JSONValue): { readonly message: Shape } | undefined;
}

export interface MethodCodecs<Input = unknown, Output = unknown> {
  readonly request: MessageCodec<Input>;
  readonly response: MessageCodec<Output>;
}

/** The error of a message without JSON. */
export const unwritable = (typeName: string, cause: unknown): InvalidArgumentError =>
  new InvalidArgumentError(
    `a ${typeName} cannot be written as JSON: it has a value of a wrong type, or an Any whose type is not in the registry`,
    { cause },
  );

/** The message for a caller outside whose response has no JSON: the fault is the server's. */
export const unwritableResponse = 'the response cannot be written as JSON';

/** Whether an answer equals the JSON that the target received. Zero and negative zero have the same JSON. */
export const saysTheSame = (answer: JSONValue, shown: () => JSONValue): boolean =>
  JSON.stringify(answer) === JSON.stringify(shown());

/** The message that passed: the amended one or the snapshot. */
interface Judged<Shape = unknown> {
  readonly message: Shape;
  /** @throws {@link InvalidArgumentError} for a message without JSON */
  readonly json: () => unknown;
  readonly isAmended: boolean;
}

/** The parts of a method that all its calls share. */
export interface JudgedMethod<Input = unknown, Output = unknown> {
  /** `/<service>/<method>`. */
  readonly path: string;
  readonly codecs: MethodCodecs<Input, Output>;
  readonly edge: Edge;
}

/** Whether a framework can send the value: gRPC sends `undefined` as an empty message where the type has no fields. */
function isWritable<Shape>(codec: MessageCodec<Shape>, message: Shape): boolean {
  try {
    codec.toJSON(message);
    return true;
  } catch {
    return false;
  }
}

/** The message, and its index in the stream. */
interface Subject<Shape> {
  readonly codec: MessageCodec<Shape>;
  readonly message: Shape;
  readonly place: number;
  /** The request as it was processed, in JSON; for a response. */
  readonly request?: () => unknown;
}

/**
 * A call of a method with typed messages, with its caller. Every call creates one, so it holds nothing that only calls with
 * targets need.
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

  /** A signal that aborts when the client has disconnected. Used only where targets are called. */
  protected abstract signal(): AbortSignal;
  /** The values of a header of the call. */
  protected abstract header(name: string): string | readonly string[] | undefined;

  /** Runs in the caller's context. */
  run<Result>(action: () => Result): Result {
    return runInContext(this.context, action);
  }

  /** Whether a response of this call matches an execution now. */
  get judgesResponses(): boolean {
    return this.method.edge.pending('response', this.method.path, this.context) !== undefined;
  }

  /** `undefined` where no target is to be called. */
  judgeRequest(message: Input): Promise<Judged<Input>> | undefined {
    const { path, edge, codecs } = this.method;
    const place = this.requests++;
    const pending = edge.pending('request', path, this.context);
    return pending && this.fire(pending, { codec: codecs.request, message, place });
  }

  /** Returns `undefined` where no target matches. `request` is the JSON of the request as it was processed. */
  judgeResponse(message: Output, request: () => unknown): Promise<Judged<Output>> | undefined {
    const { path, edge, codecs } = this.method;
    // Not a message: leave the error to the framework, which sends nothing.
    if ((message === undefined || message === null) && !isWritable(codecs.response, message))
      return undefined;
    const place = this.responses++;
    const pending = edge.pending('response', path, this.context);
    return pending && this.fire(pending, { codec: codecs.response, message, place, request });
  }

  private async fire<Shape>(pending: PendingMessage, subject: Subject<Shape>): Promise<Judged<Shape>> {
    const { path, edge } = this.method;
    const taken = subject.codec.snapshot(subject.message);
    const json = takeNow(() => taken.json());
    const amendments = new Map<JSONValue, Amended<Shape>>();
    const result = await pending.fire({
      content: json,
      ...(subject.request && { request: takeNow(subject.request) }),
      objection: (answer) => {
        const amended = taken.amend(answer);
        if (!amended) return `what it made of ${path} is no message of its type`;
        amendments.set(answer, amended);
        return undefined;
      },
      headers: edge.shownHeaders((name) => this.header(name)),
      place: subject.place,
      signal: this.signal(),
    });
    if (!result) return { message: taken.message(), json, isAmended: false };
    const { amended } = result;
    const { message, isSame = false } = amendments.get(amended) as Amended<Shape>;
    return { message, json: () => amended, isAmended: !isSame };
  }
}
