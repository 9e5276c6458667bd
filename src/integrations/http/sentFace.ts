import { ServerResponse, type IncomingMessage } from 'node:http';

const readOfSent = [
  'headersSent',
  'writableEnded',
  'writableFinished',
  'writableLength',
  'writableNeedDrain',
  'finished',
  '_header',
] as const;

const headerMethods = [
  'setHeader',
  'setHeaders',
  'appendHeader',
  'removeHeader',
  'getHeader',
  'getHeaders',
  'getHeaderNames',
  'getRawHeaderNames',
  'hasHeader',
  'writeContinue',
  'writeProcessing',
] as const;

type Methods = Partial<Record<string, (...sent: unknown[]) => unknown>>;

/**
 * Copies the head of `response` into a response without a connection. The copy can be ended, and its methods then answer
 * like those of a sent response.
 */
export function disconnectedCopy(response: ServerResponse): ServerResponse {
  const { writableHighWaterMark: highWaterMark, req: request } = response;
  const Response = ServerResponse as new (
    request: IncomingMessage,
    options: { readonly highWaterMark: number },
  ) => ServerResponse;
  const copy = new Response(request, { highWaterMark });
  const names = (response as unknown as Methods)['getRawHeaderNames'] as (() => string[]) | undefined;
  for (const name of names?.call(response) ?? response.getHeaderNames()) {
    const value = response.getHeader(name);
    if (value !== undefined) copy.setHeader(name, value);
  }
  copy.statusCode = response.statusCode;
  if (response.statusMessage) copy.statusMessage = response.statusMessage;
  copy.strictContentLength = response.strictContentLength;
  copy.on('error', (error) => response.emit('error', error));
  return copy;
}

/** Makes `response` look sent and refuse changes, as `sent` does. Returns a function that undoes this. */
export function putSentFace(response: ServerResponse, sent: ServerResponse): () => void {
  const before = new Map<string, PropertyDescriptor | undefined>();

  function put(name: string, descriptor: PropertyDescriptor): void {
    before.set(name, Object.getOwnPropertyDescriptor(response, name));
    Object.defineProperty(response, name, { ...descriptor, configurable: true, enumerable: false });
  }

  for (const name of readOfSent)
    put(name, { get: () => (sent as unknown as Record<string, unknown>)[name], set: () => undefined });
  for (const name of headerMethods) {
    const method = (sent as unknown as Methods)[name];
    if (!method) continue;
    const answer = (...given: unknown[]) => {
      const result = method.apply(sent, given);
      return result === sent ? response : result;
    };
    put(name, { value: answer, writable: true });
  }
  return () => {
    for (const [name, descriptor] of before)
      if (descriptor) Object.defineProperty(response, name, descriptor);
      else Reflect.deleteProperty(response, name);
  };
}
