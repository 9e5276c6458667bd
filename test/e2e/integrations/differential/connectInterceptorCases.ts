import { Code, ConnectError, type HandlerContext, type Interceptor } from '@connectrpc/connect';
import type { ConnectCase, ConnectSetup, NoteOf } from './connectCase.js';
import {
  changing,
  noting,
  repeating,
  slow,
  swallowing,
  tenantKey,
  throwsAfter,
  throwsBefore,
  turning,
} from './connectInterceptors.js';
import type { Message } from './connectUnaryCases.js';
import type { Note } from './grpcCase.js';

/** Handlers of each kind of method. */
const answering = {
  unary(
    { number }: Message,
    { responseHeader, responseTrailer, requestHeader, values }: HandlerContext,
    note: Note,
  ) {
    note([number, requestHeader.get('x-user'), values.get(tenantKey)]);
    responseHeader.set('x-head', 'one');
    responseTrailer.set('x-trailer', 'one');
    return { number: 7 };
  },
  async collect(requests: AsyncIterable<Message>, _context: HandlerContext, note: Note) {
    for await (const { number } of requests) note(number);
    return { number: 7 };
  },
  async *watch({ number }: Message, { responseHeader, responseTrailer }: HandlerContext, note: Note) {
    note(number);
    responseHeader.set('x-head', 'one');
    responseTrailer.set('x-trailer', 'one');
    yield { number: 1 };
    yield { number: 2 };
  },
  async *talk(requests: AsyncIterable<Message>, { values }: HandlerContext, note: Note) {
    note(values.get(tenantKey));
    for await (const { number } of requests) {
      note(number);
      yield { number: Number(number) };
    }
  },
};

const failing = {
  unary(_request: Message, { responseHeader }: HandlerContext, note: Note) {
    note('called');
    responseHeader.set('x-head', 'one');
    throw new ConnectError('no such order', Code.NotFound, { 'x-why': 'gone' });
  },
  async *watch(_request: Message, _context: HandlerContext, note: Note) {
    note('called');
    yield { number: 1 };
    throw new ConnectError('not now', Code.FailedPrecondition);
  },
};

const sends = [{ number: 1 }, { number: 2 }];

const ofHandlers = (
  what: string,
  setup: ConnectSetup,
  of: Readonly<Partial<Record<ConnectCase['method'], ConnectCase['handler']>>>,
): readonly ConnectCase[] =>
  Object.entries(of).map(([method, handler]) => ({
    name: `${what}: ${method}`,
    method: method as ConnectCase['method'],
    handler,
    sends,
    setup,
  }));

type Make = (note: NoteOf) => readonly Interceptor[];

const interceptors: Readonly<Record<string, Make>> = {
  'notes every step': (note) => [noting(note)],
  'changes what comes and goes': () => [changing],
  'is slow': () => [slow],
  'throws before': () => [throwsBefore],
  'throws after': () => [throwsAfter],
  'notes what another one changes': (note) => [noting(note), changing],
};

const catching: Readonly<Record<string, Make>> = {
  'turns a failure': () => [turning],
  'swallows a failure': () => [swallowing],
  'tries again after a failure': () => [repeating],
  'notes a failure': (note) => [noting(note)],
};

/** Interceptors of the router, before and after that of this library. */
export const interceptorCases: readonly ConnectCase[] = (['outer', 'inner'] as const).flatMap((place) => [
  ...Object.entries(interceptors).flatMap(([what, make]) =>
    ofHandlers(`an ${place} interceptor ${what}`, { [place]: make }, answering),
  ),
  ...Object.entries(catching).flatMap(([what, make]) =>
    ofHandlers(`an ${place} interceptor ${what}, of a handler that fails`, { [place]: make }, failing),
  ),
]);
