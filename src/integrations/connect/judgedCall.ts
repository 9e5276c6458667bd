import type { Message } from '@bufbuild/protobuf';
import type { StreamRequest, StreamResponse, UnaryRequest, UnaryResponse } from '@connectrpc/connect';
import type { MessageCall, MethodCodecs } from '../messageCall.js';
import { connectError, responseError } from './connectError.js';
import { inContext } from './inContext.js';

/** A call of a method, and what its messages are in JSON. */
export interface JudgedCall extends MessageCall<Message, Message> {
  readonly codecs: MethodCodecs<Message, Message>;
}

type Next<Request> = (request: Request) => Promise<UnaryResponse | StreamResponse>;

export async function judgeUnary(
  call: JudgedCall,
  request: UnaryRequest,
  next: Next<UnaryRequest>,
): Promise<UnaryResponse> {
  const judgingRequest = call.judgeRequest(request.message);
  let processed = request;
  let requestJSON = (): unknown => call.codecs.request.toJSON(request.message);
  if (judgingRequest) {
    const { message, json } = await judgingRequest.catch((error: unknown) => {
      throw connectError(error);
    });
    processed = { ...request, message };
    requestJSON = () => json;
  }
  const response = (await call
    .run(() => next(processed))
    .catch((error: unknown) => {
      throw connectError(error);
    })) as UnaryResponse;
  const judgingResponse = call.judgeResponse(response.message, requestJSON);
  if (!judgingResponse) return response;
  const { message } = await judgingResponse.catch((error: unknown) => {
    throw responseError(error);
  });
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
        requestJSON = () => call.codecs.request.toJSON(message);
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
      for await (const message of inContext(messages, call.run)) {
        if (refusal) break;
        const judging = call.judgeResponse(message, requestJSON);
        if (!judging) {
          yield message;
          continue;
        }
        const judged = await judging.catch((error: unknown) => {
          throw responseError(error);
        });
        yield judged.message;
      }
    } catch (error) {
      throw connectError(error);
    }
    if (refusal) throw refusal.error;
  }

  const response = (await call
    .run(() => next({ ...request, message: judgedRequests() }))
    .catch((error: unknown) => {
      throw connectError(error);
    })) as StreamResponse;
  return { ...response, message: judgedResponses(response.message) };
}
