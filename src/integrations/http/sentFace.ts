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
/** The members that a handler could still change before the head is written. */
const writtenToSent = ['statusCode', 'statusMessage', '_trailer'] as const;

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

/** Where Node keeps the headers: methods of the prototype that are called on the response reach them there. */
const keyOfHeaders = (response: ServerResponse): readonly symbol[] =>
  Object.getOwnPropertySymbols(response).filter(({ description }) => description === 'kOutHeaders');

/**
 * Makes `response` look sent and refuse changes, as `sent` does. Returns a function that undoes this.
 *
 * @param isFor - whether the running code is shown this; other code reads and changes the response itself
 */
export function putSentFace(
  response: ServerResponse,
  sent: ServerResponse,
  isFor?: () => boolean,
): () => void {
  const before = new Map<string | symbol, PropertyDescriptor | undefined>();
  const shown = sent as unknown as Record<string | symbol, unknown>;

  function put(name: string | symbol, descriptor: PropertyDescriptor): void {
    before.set(name, Object.getOwnPropertyDescriptor(response, name));
    Object.defineProperty(response, name, { ...descriptor, configurable: true, enumerable: false });
  }

  /** The value of the response itself, for code that is not shown the face. */
  function ownValue(name: string | symbol): { get(): unknown; set(value: unknown): void } {
    const own = Object.getOwnPropertyDescriptor(response, name);
    if (own?.get) return { get: own.get.bind(response), set: own.set?.bind(response) ?? (() => undefined) };
    const inherited = Object.getPrototypeOf(response) as object;
    let isOwn = own !== undefined;
    let value: unknown = own?.value;
    return {
      get: (): unknown => (isOwn ? value : Reflect.get(inherited, name, response)),
      set(given) {
        isOwn = true;
        value = given;
      },
    };
  }

  function face(name: string | symbol, set: (value: unknown) => void): void {
    if (!isFor) {
      put(name, { get: () => shown[name], set });
      return;
    }
    const own = ownValue(name);
    put(name, {
      get: () => (isFor() ? shown[name] : own.get()),
      set(value) {
        if (isFor()) set(value);
        else own.set(value);
      },
    });
  }

  for (const name of readOfSent) face(name, () => undefined);
  if (isFor)
    for (const name of [...writtenToSent, ...keyOfHeaders(response)])
      face(name, (value) => {
        shown[name] = value;
      });
  for (const name of headerMethods) {
    const method = (sent as unknown as Methods)[name];
    if (!method) continue;
    const own = (response as unknown as Methods)[name];
    const answer = (...given: unknown[]) => {
      if (isFor?.() === false) return own?.apply(response, given);
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
