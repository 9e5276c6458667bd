import type { Message } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  createContextKey,
  type Interceptor,
  type StreamResponse,
  type UnaryResponse,
} from '@connectrpc/connect';
import type { NoteOf } from './connectCase.js';

/** The values that an interceptor passes to the handler besides the messages. */
export const tenantKey = createContextKey('none', { description: 'the tenant' });

type Step = (message: Message) => Message;

async function* each(messages: AsyncIterable<Message>, step: Step): AsyncIterable<Message> {
  for await (const message of messages) yield step(message);
}

/** Runs a step on each message, in both directions. */
const onMessages =
  (incoming: Step, outgoing: Step): Interceptor =>
  (next) =>
  async (request) => {
    const response = await next(
      request.stream
        ? { ...request, message: each(request.message, incoming) }
        : { ...request, message: incoming(request.message) },
    );
    return response.stream
      ? { ...response, message: each(response.message, outgoing) }
      : { ...response, message: outgoing(response.message) };
  };

const numberOf = (message: Message): number => Number((message as { number?: number }).number);
const plus = (message: Message): Message => ({ ...message, number: numberOf(message) + 100 }) as Message;

/** Records every step of a call, in both directions. */
export const noting =
  (note: NoteOf): Interceptor =>
  (next) =>
  async (request) => {
    const see = (seen: unknown) => {
      note(request.header, seen);
    };
    const step =
      (way: string): Step =>
      (message) => {
        see([way, numberOf(message)]);
        return message;
      };
    try {
      const response = await onMessages(step('in'), step('out'))(next)(request);
      see(['headers', response.header.get('x-head'), response.header.get('x-added')]);
      return response;
    } catch (error) {
      const { code, rawMessage } = ConnectError.from(error);
      see(['error', code, rawMessage]);
      throw error;
    }
  };

const added = (response: UnaryResponse | StreamResponse) => {
  response.header.set('x-added', 'head');
  response.trailer.set('x-added', 'trailer');
  return response;
};

/** Changes headers, trailers, messages and values of the context. */
export const changing: Interceptor = (next) => async (request) => {
  request.header.set('x-user', 'from the interceptor');
  request.contextValues.set(tenantKey, 'one');
  return added(await onMessages(plus, plus)(next)(request));
};

/** Delays each step a little, in order. */
export const slow: Interceptor = (next) => async (request) => {
  await new Promise((resolve) => setTimeout(resolve, 3));
  const response = await next(request);
  await new Promise((resolve) => setTimeout(resolve, 3));
  return response;
};

export const throwsBefore: Interceptor = () => () => {
  throw new ConnectError('who are you', Code.Unauthenticated, { 'x-why': 'none' });
};

export const throwsAfter: Interceptor = (next) => async (request) => {
  const response = await next(request);
  response.header.set('x-head', 'dropped');
  throw new ConnectError('lost', Code.DataLoss, { 'x-why': 'none' });
};

/** Turns the error of a handler into another one. */
export const turning: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (error) {
    throw new ConnectError(`was ${ConnectError.from(error).rawMessage}`, Code.OutOfRange);
  }
};

/** Answers in place of a handler that failed: with the message of the request. */
export const swallowing: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch {
    const { service, method } = request;
    const parts = { header: new Headers({ 'x-head': 'swallowed' }), trailer: new Headers(), service };
    return (
      request.stream
        ? { ...parts, method, stream: true, message: each(request.message, plus) }
        : { ...parts, method, stream: false, message: request.message }
    ) as UnaryResponse;
  }
};

/** Runs the handler once more when it failed. */
export const repeating: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch {
    return next(request);
  }
};
