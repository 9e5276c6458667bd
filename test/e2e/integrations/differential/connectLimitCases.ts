import { compressionBrotli, compressionGzip } from '@connectrpc/connect-node';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import type { ConnectCase, ConnectSetup } from './connectCase.js';
import { watchSignal, type Message } from './connectUnaryCases.js';
import type { Note } from './grpcCase.js';

const long = { text: 'a'.repeat(5_000) };
const short = { text: 'a' };
const lengthOf = ({ text }: Message): number => String(text).length;

/** Handlers of each kind of method, which answer as many messages as they read. */
const handlers = {
  unary(request: Message, { responseHeader, responseTrailer }: HandlerContext, note: Note) {
    note(lengthOf(request));
    responseHeader.set('x-head', 'one');
    responseTrailer.set('x-trailer', 'one');
    return request;
  },
  async collect(requests: AsyncIterable<Message>, context: HandlerContext, note: Note) {
    watchSignal(context, note);
    let number = 0;
    for await (const message of requests) {
      note(lengthOf(message));
      number += lengthOf(message);
    }
    return { number };
  },
  async *watch(_request: Message, { responseHeader, responseTrailer }: HandlerContext, note: Note) {
    responseHeader.set('x-head', 'one');
    responseTrailer.set('x-trailer', 'one');
    try {
      for (const message of [short, long, short]) yield message;
    } finally {
      note('ended');
    }
  },
  async *talk(requests: AsyncIterable<Message>, _context: HandlerContext, note: Note) {
    try {
      for await (const message of requests) {
        note(lengthOf(message));
        yield message;
      }
    } finally {
      note('ended');
    }
  },
};

/** The four kinds of methods under one setup. */
const ofEachKind = (what: string, setup: ConnectSetup): readonly ConnectCase[] =>
  (Object.keys(handlers) as (keyof typeof handlers)[]).map((method) => ({
    name: `${what}: ${method}`,
    method,
    handler: handlers[method],
    sends: method === 'unary' ? [long] : [short, long],
    isPaced: method === 'collect' || method === 'talk',
    setup,
  }));

const gzips = { sendCompression: compressionGzip, acceptCompression: [compressionGzip], compressMinBytes: 0 };
const brotlis = {
  sendCompression: compressionBrotli,
  acceptCompression: [compressionBrotli],
  compressMinBytes: 0,
};

/** Compressed messages, and messages over a limit of bytes. */
export const limitCases: readonly ConnectCase[] = [
  ...ofEachKind('more than the server takes', { server: { readMaxBytes: 1_000 }, leavesConnections: true }),
  ...ofEachKind('more than the server sends', { server: { writeMaxBytes: 1_000 } }),
  ...ofEachKind('more than the client takes', {
    client: { readMaxBytes: 1_000 },
    leavesConnections: true,
  }),
  ...ofEachKind('more than the client sends', {
    client: { writeMaxBytes: 1_000 },
    leavesConnections: true,
  }),
  ...ofEachKind('small when compressed, and more than the server takes', {
    server: { readMaxBytes: 1_000 },
    client: gzips,
    leavesConnections: true,
  }),
  ...ofEachKind('compressed in both directions', {
    server: { acceptCompression: [compressionBrotli] },
    client: brotlis,
  }),
  ...ofEachKind('an encoding that the server does not take', {
    client: brotlis,
    leavesConnections: true,
  }),
  ...ofEachKind('a server that takes no encoding', {
    server: { acceptCompression: [] },
    client: gzips,
    leavesConnections: true,
  }),
];

const names = (count: number): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-name-${index}`, String(index)]));

const unary = (
  name: string,
  handler: (request: Message, context: HandlerContext, note: Note) => unknown,
  rest: Partial<ConnectCase> = {},
): ConnectCase => ({
  name,
  method: 'unary',
  handler,
  // Each case has a connection of its own, since some break it.
  setup: {},
  ...rest,
});

const sees = (_request: Message, { requestHeader, timeoutMs }: HandlerContext, note: Note): object => {
  note(Array.from(requestHeader.keys()).filter((key) => key.startsWith('x-name')).length);
  note([requestHeader.get('x-long')?.length, timeoutMs() === undefined]);
  return {};
};

const setAll = (headers: Headers, values: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(values)) headers.set(name, value);
};

/** Large headers and trailers, in both directions. */
export const headerCases: readonly ConnectCase[] = [
  unary('headers: 100 names', sees, { headers: names(100) }),
  unary('headers: a value of 10 000 characters', sees, { headers: { 'x-long': 'a'.repeat(10_000) } }),
  unary('headers: more than the server takes', sees, { headers: { 'x-long': 'a'.repeat(100_000) } }),
  unary('headers: 100 names back', (_request, { responseHeader, responseTrailer }) => {
    setAll(responseHeader, names(100));
    setAll(responseTrailer, names(20));
    return {};
  }),
  unary('headers: 10 000 characters back', (_request, { responseHeader }) => {
    responseHeader.set('x-long', 'a'.repeat(10_000));
    return {};
  }),
  unary('headers: more back than the client takes', (_request, { responseHeader }) => {
    responseHeader.set('x-long', 'a'.repeat(100_000));
    return {};
  }),
  unary('headers: names that the protocol keeps for itself', (_request, { responseHeader }) => {
    setAll(responseHeader, { 'x-head': 'one', 'trailer-mine': 'two', 'grpc-message': 'three' });
    return {};
  }),
  {
    ...unary('a stream ends with 50 trailers, details and an error', () => undefined),
    method: 'watch',
    async *handler(_request: Message, { responseTrailer }: HandlerContext) {
      yield { number: 1 };
      setAll(responseTrailer, names(50));
      throw new ConnectError('not now', Code.Aborted, { 'x-why': 'late' });
    },
  },
  {
    ...unary('a stream ends with a trailer of 10 000 characters', () => undefined),
    method: 'watch',
    async *handler(_request: Message, { responseTrailer }: HandlerContext) {
      yield { number: 1 };
      responseTrailer.set('x-long', 'a'.repeat(10_000));
    },
  },
];

const stated = (what: string, headers: Readonly<Record<string, string>>, rest: Partial<ConnectCase> = {}) =>
  unary(`stated: ${what}`, sees, { headers, ...rest });

const encoded = (encoding: string) => ({
  'content-encoding': encoding,
  'connect-content-encoding': encoding,
  'grpc-encoding': encoding,
});

/** Timeouts, encodings and versions that clients state. */
export const statedCases: readonly ConnectCase[] = [
  ...['soon', '-1', '', '0x10', '99999999999999'].map((timeout) =>
    stated(`a timeout of ${JSON.stringify(timeout)}`, {
      'connect-timeout-ms': timeout,
      'grpc-timeout': timeout,
    }),
  ),
  stated('a timeout of 3 s', { 'connect-timeout-ms': '3000', 'grpc-timeout': '3S' }),
  stated(
    'more time than the server gives',
    {},
    { timeoutMs: 60_000, setup: { server: { maxTimeoutMs: 1_000 } } },
  ),
  stated('an encoding of no name', encoded('snappy')),
  stated('an encoding that it is not', encoded('gzip')),
  stated('another version', { 'connect-protocol-version': '2' }),
  stated('a version where one has to be', {}, { setup: { server: { requireConnectProtocolHeader: true } } }),
  stated('cookies and an origin', { cookie: 'a=b', origin: 'http://localhost' }),
];
