import type { Message } from '@bufbuild/protobuf';
import type { StreamRequest, StreamResponse, UnaryRequest, UnaryResponse } from '@connectrpc/connect';
import type { Caller } from '../../hooks/caller.js';
import { depthHeaderName } from '../edge.js';
import { MessageCall, type JudgedMethod } from '../messageCall.js';
import { connectError, responseError } from './connectError.js';
import { inContext } from './inContext.js';

/** What is the same for every call of a method. */
export type ConnectMethod = JudgedMethod<Message, Message>;

/** A call whose caller is known. */
export class JudgedCall extends MessageCall<Message, Message> {
  private readonly request: UnaryRequest | StreamRequest;

  /** @throws what `caller` throws, and {@link InvalidArgumentError} for an id or a depth that is malformed */
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
const failResponse = (error: unknown): never => {
  throw responseError(error);
};

type Next<Request> = (request: Request) => Promise<UnaryResponse | StreamResponse>;

export async function judgeUnary(
  call: JudgedCall,
  request: UnaryRequest,
  next: Next<UnaryRequest>,
): Promise<UnaryResponse> {
  let processed = request;
  let requestJSON: (() => unknown) | undefined;
  const judgingRequest = call.judgeRequest(request.message);
  if (judgingRequest) {
    const { message, json } = await judgingRequest.catch(fail);
    processed = { ...request, message };
    requestJSON = () => json;
  }
  let response;
  try {
    response = (await call.run(() => next(processed))) as UnaryResponse;
  } catch (error) {
    throw connectError(error);
  }
  const judgingResponse = call.judgeResponse(
    response.message,
    requestJSON ?? (() => call.method.codecs.request.toJSON(request.message)),
  );
  if (!judgingResponse) return response;
  const { message } = await judgingResponse.catch(failResponse);
  return { ...response, message };
}

/**
 * Judges each message before the handler reads it and each before it is sent, one at a time, so that order and
 * back-pressure stay what they are. A refusal ends the call, whatever the handler makes of it.
 */
export async function judgeStream(
  call: JudgedCall,
  request: StreamRequest,
  next: Next<StreamRequest>,
): Promise<StreamResponse> {
  let requestJSON = (): unknown => null;
  let refusal: { readonly error: unknown } | undefined;

  async function* judgedRequests(): AsyncIterable<Message> {
    for await (const message of request.message) {
      const judging = call.judgeRequest(message);
      if (!judging) {
        requestJSON = () => call.method.codecs.request.toJSON(message);
        yield message;
        continue;
      }
      const judged = await judging.catch((error: unknown) => {
        refusal = { error: connectError(error) };
        throw refusal.error;
      });
      requestJSON = () => judged.json;
      yield judged.message;
    }
  }

  async function* judgedResponses(messages: AsyncIterable<Message>): AsyncIterable<Message> {
    try {
      for await (const message of inContext(messages, call)) {
        if (refusal) break;
        const judging = call.judgeResponse(message, requestJSON);
        if (!judging) {
          yield message;
          continue;
        }
        const judged = await judging.catch(failResponse);
        yield judged.message;
      }
    } catch (error) {
      throw connectError(error);
    }
    if (refusal) throw refusal.error;
  }

  const response = (await call
    .run(() => next({ ...request, message: judgedRequests() }))
    .catch(fail)) as StreamResponse;
  return { ...response, message: judgedResponses(response.message) };
}
