import type { Message } from '@bufbuild/protobuf';
import type { StreamRequest, StreamResponse, UnaryRequest, UnaryResponse } from '@connectrpc/connect';
import type { Caller } from '../../hooks/context/caller.js';
import { contentHeaders } from '../contentHeaders.js';
import { depthHeaderName } from '../../lib/reading/depthHeader.js';
import { iterateInContext, signalInContext } from '../inContext.js';
import { MessageCall, type JudgedMethod } from '../messageCall.js';
import { connectError, responseError } from './connectError.js';

/** The parts of a method that all its calls share. */
export type ConnectMethod = JudgedMethod<Message, Message>;

/** A call with its caller. */
export class JudgedCall extends MessageCall<Message, Message> {
  private readonly request: UnaryRequest | StreamRequest;

  /** @throws the error of `caller`, and {@link InvalidArgumentError} for a malformed id or depth */
  constructor(
    method: ConnectMethod,
    request: UnaryRequest | StreamRequest,
    caller: ((header: Headers) => Caller) | undefined,
  ) {
    const { header } = request;
    const depth = header.get(depthHeaderName) ?? undefined;
    super(method, method.edge.enter(method.path, caller?.(header), depth));
    this.request = request;
  }

  /** Whether the client has gone or its deadline has passed, so that it would not read an answer. */
  get isCancelled(): boolean {
    return this.request.signal.aborted;
  }

  protected signal(): AbortSignal {
    return this.request.signal;
  }

  protected header(name: string): string | undefined {
    return this.request.header.get(name) ?? undefined;
  }
}

const fail = (error: unknown): never => {
  throw connectError(error);
};

/** Headers that describe how messages are encoded. */
const isOfProtocol = (name: string): boolean => name === 'content-type' || name.endsWith('-encoding');

/** Removes the headers of the handler: nothing of a refused response is sent. */
function withhold({ header, trailer }: UnaryResponse | StreamResponse): void {
  for (const name of Array.from(header.keys())) if (!isOfProtocol(name)) header.delete(name);
  for (const name of Array.from(trailer.keys())) trailer.delete(name);
}

/** Records the current headers. The returned function removes the headers that the handler sets later. */
function frozen(headers: Headers): () => void {
  const before = Array.from(headers);
  return () => {
    for (const name of Array.from(headers.keys())) headers.delete(name);
    for (const [name, value] of before) headers.append(name, value);
  };
}

type Next<Request> = (request: Request) => Promise<UnaryResponse | StreamResponse>;

export async function judgeUnary(
  call: JudgedCall,
  request: UnaryRequest,
  next: Next<UnaryRequest>,
): Promise<UnaryResponse> {
  let processed: UnaryRequest = { ...request, signal: signalInContext(request.signal, call) };
  let requestJSON: (() => unknown) | undefined;
  const judgingRequest = call.judgeRequest(request.message);
  if (judgingRequest) {
    const { message, json } = await judgingRequest.catch(fail);
    processed = { ...processed, message };
    requestJSON = json;
  }
  const response = (await call.run(() => next(processed)).catch(fail)) as UnaryResponse;
  const judgingResponse = call.judgeResponse(
    response.message,
    requestJSON ?? (() => call.method.codecs.request.toJSON(request.message)),
  );
  if (!judgingResponse) return response;
  const [restoreHeader, restoreTrailer] = [frozen(response.header), frozen(response.trailer)];
  try {
    const { message, isAmended } = await judgingResponse;
    restoreHeader();
    restoreTrailer();
    if (isAmended) for (const name of contentHeaders) response.header.delete(name);
    return { ...response, message };
  } catch (error) {
    withhold(response);
    throw responseError(error);
  }
}

/** The state of the requests of a stream. */
interface Requests {
  /** The JSON of the last message that the handler received. */
  last: () => unknown;
  refusal: { readonly error: unknown } | undefined;
}

async function* judgedRequests(
  call: JudgedCall,
  messages: AsyncIterable<Message>,
  requests: Requests,
): AsyncIterable<Message> {
  for await (const message of messages) {
    const judging = call.judgeRequest(message);
    if (!judging) {
      requests.last = () => call.method.codecs.request.toJSON(message);
      yield message;
      continue;
    }
    const judged = await judging.catch((error: unknown) => {
      requests.refusal = { error: connectError(error) };
      throw requests.refusal.error;
    });
    requests.last = judged.json;
    yield judged.message;
  }
}

function judgedResponses(
  call: JudgedCall,
  response: StreamResponse,
  requests: Requests,
): AsyncIterable<Message> {
  let handler: AsyncIterator<Message>;

  /** Ends the handler's generator, and then the call. */
  async function refuse(error: unknown): Promise<never> {
    withhold(response);
    await handler.return?.().catch(() => undefined);
    throw error;
  }

  /** Ends the handler's generator at its `yield` after the client has gone, as Connect does. */
  async function abandon(error: unknown): Promise<never> {
    await (handler.throw?.(error) ?? handler.return?.())?.catch(() => undefined);
    throw connectError(error);
  }

  async function judge(step: Promise<IteratorResult<Message>>): Promise<IteratorResult<Message>> {
    let result: IteratorResult<Message>;
    try {
      result = await step;
    } catch (error) {
      if (requests.refusal) return refuse(requests.refusal.error);
      throw connectError(error);
    }
    if (requests.refusal) return refuse(requests.refusal.error);
    if (result.done) return result;
    const judging = call.judgeResponse(result.value, () => requests.last());
    if (!judging) return result;
    const restoreHeader = frozen(response.header);
    try {
      const { message } = await judging;
      restoreHeader();
      return { done: false, value: message };
    } catch (error) {
      return call.isCancelled ? abandon(error) : refuse(responseError(error));
    }
  }

  return {
    [Symbol.asyncIterator]() {
      handler = iterateInContext(response.message, call)[Symbol.asyncIterator]();
      return {
        next: () => judge(handler.next()),
        // Connect ends generators by these methods.
        ...(handler.throw && {
          throw: (error: unknown) => judge((handler as Required<typeof handler>).throw(error)),
        }),
        ...(handler.return && {
          return: (value: unknown) => (handler as Required<typeof handler>).return(value),
        }),
      };
    },
  };
}

/**
 * Calls the targets of each message before the handler reads it or before it is sent, one message at a time, so that order
 * and back-pressure stay the same. A refusal ends the call, also where the handler catches the error.
 */
export async function judgeStream(
  call: JudgedCall,
  request: StreamRequest,
  next: Next<StreamRequest>,
): Promise<StreamResponse> {
  const requests: Requests = { last: () => null, refusal: undefined };
  const processed: StreamRequest = {
    ...request,
    signal: signalInContext(request.signal, call),
    message: judgedRequests(call, request.message, requests),
  };
  const response = (await call.run(() => next(processed)).catch(fail)) as StreamResponse;
  return { ...response, message: judgedResponses(call, response, requests) };
}
