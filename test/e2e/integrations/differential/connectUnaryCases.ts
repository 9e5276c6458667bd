import { create, type DescMessage } from '@bufbuild/protobuf';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { registry, type ConnectCase } from './connectCase.js';
import type { Note } from './grpcCase.js';

export type Message = Record<string, unknown>;
export type Handler<Request, Answer> = (request: Request, context: HandlerContext, note: Note) => Answer;

const Price = registry.getMessage('kinds.v1.Price') as DescMessage;

const unary = (
  name: string,
  handler: Handler<Message, unknown>,
  rest: Partial<ConnectCase> = {},
): ConnectCase => ({ name, method: 'unary', handler, ...rest });

export function watchSignal({ signal }: HandlerContext, note: Note): void {
  signal.addEventListener('abort', () => {
    // The reason depends on what the server receives first: the client's reset, or the end of the call.
    note('aborted');
  });
}

/** Resolves when a call was cancelled, or its deadline has passed. */
export const aborted = (signal: AbortSignal): Promise<unknown> =>
  signal.aborted ? Promise.resolve() : once(signal, 'abort');

/** Every way to answer, fail and end a unary call. */
export const unaryCases: readonly ConnectCase[] = [
  unary('answers', () => ({ text: 'hello', number: 7 })),
  unary('answers later', async () => {
    await wait(5);
    return { text: 'later' };
  }),
  unary('answers with an empty message', () => ({})),
  unary('answers with a message of its type', () =>
    create(registry.getMessage('kinds.v1.Everything') as DescMessage),
  ),
  unary('answers with the default values', () => ({ text: '', number: 0, flag: false, note: '', count: 0 })),
  unary('sets headers and trailers', (_request, { responseHeader, responseTrailer }) => {
    responseHeader.set('x-head', 'one');
    responseHeader.append('x-head', 'two');
    responseTrailer.set('x-trailer', 'three');
    return {};
  }),
  unary('sets binary headers', (_request, { responseHeader, responseTrailer }) => {
    responseHeader.set('x-bytes-bin', 'AP8');
    responseTrailer.set('x-bytes-bin', 'AP8');
    return {};
  }),
  unary('sets headers after its answer', (_request, { responseHeader }) => {
    setTimeout(() => {
      responseHeader.set('x-head', 'late');
    }, 300);
    return {};
  }),
  unary('throws a ConnectError', () => {
    throw new ConnectError('no such order', Code.NotFound);
  }),
  unary('throws a ConnectError with metadata and details', () => {
    const detail = { desc: Price, value: { currency: 'EUR', units: 1n } };
    throw new ConnectError('not now', Code.FailedPrecondition, { 'x-why': 'late' }, [detail]);
  }),
  unary('sets headers and trailers, then throws', (_request, { responseHeader, responseTrailer }) => {
    responseHeader.set('x-head', 'one');
    responseTrailer.set('x-trailer', 'two');
    throw new ConnectError('no', Code.PermissionDenied);
  }),
  unary('throws an error', () => {
    throw new Error('broken');
  }),
  unary('throws what is no error', () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- as handlers may
    throw 'text';
  }),
  unary('rejects', async () => {
    await wait(2);
    throw new ConnectError('rejected', Code.Aborted);
  }),
  unary('answers with nothing', () => undefined),
  unary('answers with null', () => null),
  unary('answers with a value of the wrong type', () => ({ number: 'no number' })),
  unary('answers with numbers out of range', () => ({ number: 2 ** 40 })),
  unary('answers with unknown names', () => ({ text: 'a', unknown: 1 })),
  unary('leaves an error behind', () => {
    setTimeout(() => {
      void Promise.reject(new Error('left behind'));
    }, 1);
    return {};
  }),
  unary(
    'sees its context',
    (request, context, note) => {
      const { method, service, protocolName, requestMethod, requestHeader, signal } = context;
      note([
        method.name,
        service.typeName,
        protocolName,
        requestMethod,
        requestHeader.get('x-user'),
        signal.aborted,
      ]);
      note(request);
      return {};
    },
    { headers: { 'x-user': 'ada' }, sends: [{ text: 'seen', large: 2n ** 60n }] },
  ),
  unary(
    'waits for its signal until the deadline',
    async (_request, context, note) => {
      watchSignal(context, note);
      await aborted(context.signal);
      note(context.signal.aborted);
      return {};
    },
    { timeoutMs: 3_000 },
  ),
  unary(
    'is cancelled by the client',
    async (_request, context, note) => {
      watchSignal(context, note);
      note('waits');
      await aborted(context.signal);
      return { text: 'too late' };
    },
    { cancelOnNote: 1 },
  ),
  unary('hears the end of its signal', (_request, { signal }, note) => {
    signal.onabort = () => {
      note('aborted');
    };
    return {};
  }),
];

const collect = (
  name: string,
  handler: Handler<AsyncIterable<Message>, unknown>,
  rest: Partial<ConnectCase> = {},
): ConnectCase => ({
  name,
  method: 'collect',
  handler: handler as never,
  sends: [{ number: 1 }, { number: 2 }, { number: 3 }],
  ...rest,
});

/** Every way to read a stream of requests. */
export const collectCases: readonly ConnectCase[] = [
  collect('collects all', async (requests, _context, note) => {
    for await (const { number } of requests) note(number);
    return { text: 'all' };
  }),
  collect('reads slowly', async (requests, _context, note) => {
    for await (const { number } of requests) {
      await wait(2);
      note(number);
    }
    return {};
  }),
  collect('answers before it read all', async (requests, _context, note) => {
    for await (const { number } of requests) {
      note(number);
      break;
    }
    return { text: 'enough' };
  }),
  collect('answers without reading', () => ({ text: 'unread' })),
  collect('throws while it reads', async (requests, { responseHeader }) => {
    responseHeader.set('x-head', 'one');
    for await (const { number } of requests)
      if (number === 2) throw new ConnectError('too much', Code.ResourceExhausted);
    return {};
  }),
  collect(
    'is sent no message',
    async (requests, _context, note) => {
      for await (const { number } of requests) note(number);
      note('end');
      return { text: 'none' };
    },
    { sends: [] },
  ),
  collect('reads by hand', async (requests, _context, note) => {
    const iterator = requests[Symbol.asyncIterator]();
    note((await iterator.next()).done);
    note(await iterator.return?.(undefined));
    return {};
  }),
  collect(
    'waits for more until the client cancels',
    async (requests, context, note) => {
      watchSignal(context, note);
      try {
        for await (const { number } of requests) note(number);
      } catch (error) {
        note((error as Error).name);
        throw error;
      }
      return {};
    },
    { halfCloses: false, cancelOnNote: 3 },
  ),
];
